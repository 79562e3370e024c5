package io.tarn.benchmarks.system;

import io.tarn.client.MasterState;
import io.tarn.client.TarnClient;
import io.tarn.protocol.error.TarnException;
import java.util.List;

/** Whether masters have applied all that there is. Stateless. */
final class Followers {
    private Followers() {}

    /** @param masters how many have to, the leader among them */
    static boolean areUpToDate(TarnClient client, int masters) throws TarnException {
        List<MasterState> all = client.masters();
        long newest = all.stream().mapToLong(MasterState::appliedSequence).max().orElse(0);
        return all.stream()
                        .filter(master -> master.answers() && master.appliedSequence() == newest)
                        .count()
                == masters;
    }
}
