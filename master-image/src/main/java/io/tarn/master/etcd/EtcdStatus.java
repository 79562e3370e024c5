package io.tarn.master.etcd;

import io.etcd.jetcd.maintenance.StatusResponse;
import io.tarn.protocol.error.TarnException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * How one member of etcd is, as it says itself; every user may ask.
 *
 * @param leads whether it is etcd's leader
 * @param sizeBytes of its file, as it counts for its quota
 * @param usedBytes of these, what is not free
 * @param full whether etcd's alarm NOSPACE is up
 */
record EtcdStatus(String endpoint, boolean leads, long sizeBytes, long usedBytes, boolean full) {
    private static final long WORTH_BYTES = 64L << 20;

    /** @throws TarnException UNAVAILABLE where one of them does not answer */
    static List<EtcdStatus> ofAll(EtcdConnection etcd) throws TarnException {
        List<EtcdStatus> members = new ArrayList<>();
        for (String endpoint : etcd.config().endpoints()) {
            StatusResponse status = etcd.await(
                    etcd.client().getMaintenanceClient().statusMember(endpoint), "ask how etcd at " + endpoint + " is");
            members.add(new EtcdStatus(
                    endpoint,
                    status.getLeader() == status.getHeader().getMemberId(),
                    status.getDbSize(),
                    status.getDbSizeInUse(),
                    status.getErrorList().stream().anyMatch(error -> error.contains("NOSPACE"))));
        }
        return members;
    }

    /** Those that are to be defragmented, etcd's leader last. */
    static List<EtcdStatus> worthDefragmenting(List<EtcdStatus> members) {
        return members.stream()
                .filter(member -> member.freeBytes() > WORTH_BYTES && member.freeBytes() > member.usedBytes)
                .sorted(Comparator.comparing(EtcdStatus::leads))
                .toList();
    }

    long freeBytes() {
        return sizeBytes - usedBytes;
    }
}
