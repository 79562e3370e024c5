package io.tarn.master;

import io.tarn.master.leader.Leader;
import io.tarn.master.record.Record;
import io.tarn.master.rpc.Masters;
import io.tarn.master.state.Format;
import io.tarn.master.work.PeriodicTask;
import io.tarn.protocol.error.TarnException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Raises the cluster's format while a master leads, as soon as all that take part read a newer one. In a cluster that was there before, two looks in a row have
 * to say so: after a failure of etcd a master of an older release may come back a moment later than the others. {@link #look} is for one thread at a time.
 */
final class FormatRaising implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FormatRaising.class);

    private final Leader<Record> leader;
    private final Masters masters;
    private final PeriodicTask looking = new PeriodicTask("master-format", this::look);
    private int before = Format.FIRST;
    private List<String> told = List.of();

    private FormatRaising(Leader<Record> leader, Masters masters) {
        this.leader = leader;
        this.masters = masters;
    }

    /**
     * Begins to look.
     *
     * @param pause between two looks
     * @param atOnce whether one look is enough, which is made before this returns: nobody can have been there before
     */
    static FormatRaising start(Leader<Record> leader, Masters masters, Duration pause, boolean atOnce) {
        FormatRaising raising = new FormatRaising(leader, masters);
        if (atOnce) {
            raising.before = Format.NEWEST;
            try {
                raising.look();
            } catch (TarnException e) {
                LOG.warn("The format of the journal is not raised yet: {}", e.getMessage());
            }
        }
        raising.looking.start(pause);
        return raising;
    }

    /** Those that do not read the newest format, by their addresses. */
    static List<String> older(Map<String, Integer> formats) {
        return formats.entrySet().stream()
                .filter(member -> member.getValue() < Format.NEWEST)
                .map(Map.Entry::getKey)
                .toList();
    }

    private void look() throws TarnException {
        int now = Format.of(leader.committed());
        if (now >= Format.NEWEST) {
            return;
        }
        Map<String, Integer> formats = masters.formats();
        int read = formats.values().stream().reduce(Format.NEWEST, Math::min);
        if (read > now && read <= before) {
            leader.append(new Record.FormatRaised(read));
            LOG.info("All masters read format {}: the journal goes over to it from format {}", read, now);
        }
        before = read;
        tell(older(formats), now);
    }

    private void tell(List<String> older, int now) {
        if (!older.isEmpty() && !older.equals(told)) {
            LOG.info(
                    "The journal stays in format {} until these masters are upgraded: {}",
                    now,
                    String.join(", ", older));
        }
        told = older;
    }

    @Override
    public void close() {
        looking.close();
    }
}
