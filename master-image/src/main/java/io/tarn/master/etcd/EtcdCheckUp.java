package io.tarn.master.etcd;

import io.etcd.jetcd.options.GetOption;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.v1.Finding;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionException;

/**
 * Whether somebody keeps etcd from growing, for {@code tarn doctor}. etcd tells its settings to nobody, so that what they bring about is looked at: whether the
 * revision at which this master began to lead can still be read, and how much of its file is free. Rights on the prefix suffice. Safe for many threads.
 */
public final class EtcdCheckUp {
    /** Who compacts at all does so within this time. */
    private static final Duration PATIENCE = Duration.ofHours(2);

    private static final long LARGE_BYTES = 3L << 29;
    private static final long FIRST_REVISION = 1;
    private static final String SPACE = "etcd space";
    private static final String COMPACTION = "etcd compaction";
    private static final String TURN_ON =
            "start etcd with --auto-compaction-retention, or set master.etcd.maintain where etcd is Tarn's own; etcd does not"
                    + " tell its settings: all is well where it has a retention that has not passed yet";

    private final EtcdConnection etcd;

    public EtcdCheckUp(EtcdConnection etcd) {
        this.etcd = etcd;
    }

    /**
     * Looks. Waits for etcd.
     *
     * @param since the revision at which this master began to lead
     * @param ledFor how long ago that was
     */
    public List<Finding> run(long since, Duration ledFor) throws TarnException {
        return List.of(space(), compaction(since, ledFor));
    }

    private Finding space() {
        try {
            return space(EtcdStatus.ofAll(etcd), etcd.config().maintain());
        } catch (TarnException e) {
            return finding(SPACE, "unknown: " + e.getMessage(), "start the member that is away")
                    .build();
        }
    }

    static Finding space(List<EtcdStatus> members, boolean maintained) {
        EtcdStatus largest = members.stream()
                .max(Comparator.comparingLong(EtcdStatus::sizeBytes))
                .orElseThrow();
        String found = mebibytes(largest.sizeBytes()) + " at " + largest.endpoint() + ", of which "
                + mebibytes(largest.freeBytes()) + " are free";
        if (members.stream().anyMatch(EtcdStatus::full)) {
            return finding(
                            SPACE,
                            found + "; it is full, its alarm NOSPACE is up, and changes are refused",
                            "compact and defragment it, or raise its quota, then: etcdctl alarm disarm")
                    .setFailing(true)
                    .build();
        }
        if (!maintained && !EtcdStatus.worthDefragmenting(members).isEmpty()) {
            return finding(
                            SPACE,
                            found,
                            "etcdctl defrag, one member at a time, its leader last; or set master.etcd.maintain where etcd is"
                                    + " Tarn's own")
                    .build();
        }
        boolean large = largest.sizeBytes() > LARGE_BYTES;
        return finding(
                        SPACE,
                        found,
                        large ? "etcd is full at 2 GiB, unless its --quota-backend-bytes is more: compare them" : "")
                .build();
    }

    private Finding compaction(long since, Duration ledFor) throws TarnException {
        if (etcd.config().maintain()) {
            return finding(COMPACTION, "by Tarn's leader, after each checkpoint", "")
                    .build();
        }
        if (isCompacted(since)) {
            return finding(COMPACTION, "going on", "").build();
        }
        if (!isCompacted(FIRST_REVISION)) {
            return finding(COMPACTION, "never yet", TURN_ON).build();
        }
        String found = String.format(Locale.ROOT, "none in the %d minutes that this master leads", ledFor.toMinutes());
        return finding(COMPACTION, found, ledFor.compareTo(PATIENCE) < 0 ? "" : TURN_ON)
                .build();
    }

    /** Whether what keys were at a revision is forgotten. */
    private boolean isCompacted(long revision) throws TarnException {
        GetOption then =
                GetOption.builder().withRevision(revision).withCountOnly(true).build();
        return etcd.await(
                etcd.client()
                        .getKVClient()
                        .get(etcd.keys().leader(), then)
                        .thenApply(found -> false)
                        .exceptionally(EtcdCheckUp::saysCompacted),
                "look for old revisions");
    }

    private static boolean saysCompacted(Throwable failure) {
        if (String.valueOf(failure.getMessage()).contains("required revision has been compacted")) {
            return true;
        }
        throw failure instanceof CompletionException wrapped ? wrapped : new CompletionException(failure);
    }

    private static Finding.Builder finding(String check, String found, String advice) {
        return Finding.newBuilder().setCheck(check).setFound(found).setAdvice(advice);
    }

    private static String mebibytes(long bytes) {
        return String.format(Locale.ROOT, "%.1f MiB", bytes / (double) (1 << 20));
    }
}
