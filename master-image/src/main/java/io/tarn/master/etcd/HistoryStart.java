package io.tarn.master.etcd;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.KV;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.op.Cmp;
import io.etcd.jetcd.op.CmpTarget;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.GetOption;
import io.etcd.jetcd.options.PutOption;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Where the history of a cluster begins in its etcd: with nothing, or with the state of a backup, which one master's directory then holds. It is written once,
 * by the restore, as two decimal numbers, and stays.
 *
 * @param sequence the batch after which the journal begins
 * @param epoch is added to etcd's revisions to make epochs, which so go on growing where revisions began anew; a state with a smaller epoch is of another
 *     history
 */
public record HistoryStart(long sequence, long epoch) {
    private static final HistoryStart NOTHING = new HistoryStart(0, 0);

    /** Waits for etcd. */
    public static HistoryStart read(EtcdConnection etcd) throws TarnException {
        List<KeyValue> found = etcd.await(kv(etcd).get(etcd.keys().historyStart()), "look where the journal begins")
                .getKvs();
        if (found.isEmpty()) {
            return NOTHING;
        }
        String[] numbers =
                found.getFirst().getValue().toString(StandardCharsets.US_ASCII).split(" ", 2);
        return new HistoryStart(Long.parseLong(numbers[0]), Long.parseLong(numbers[1]));
    }

    /** @throws TarnException ALREADY_EXISTS where there is anything below the prefix */
    public static void requireNone(EtcdConnection etcd) throws TarnException {
        GetOption first = GetOption.builder()
                .isPrefix(true)
                .withKeysOnly(true)
                .withLimit(1)
                .build();
        List<KeyValue> found = etcd.await(kv(etcd).get(etcd.keys().all(), first), "look whether the prefix is empty")
                .getKvs();
        if (!found.isEmpty()) {
            throw notEmpty(etcd, found.getFirst().getKey().toString(StandardCharsets.UTF_8));
        }
    }

    /**
     * Makes it the start. Waits for etcd.
     *
     * @throws TarnException ALREADY_EXISTS where there is one, or a master leads; UNAVAILABLE where it may have been done or not
     */
    public void write(EtcdConnection etcd) throws TarnException {
        ByteSequence key = etcd.keys().historyStart();
        ByteSequence leader = etcd.keys().leader();
        Op put = Op.put(key, ByteSequence.from(sequence + " " + epoch, StandardCharsets.US_ASCII), PutOption.DEFAULT);
        boolean written = etcd.await(
                        kv(etcd).txn()
                                .If(
                                        new Cmp(key, Cmp.Op.EQUAL, CmpTarget.createRevision(0)),
                                        new Cmp(leader, Cmp.Op.EQUAL, CmpTarget.createRevision(0)))
                                .Then(put)
                                .commit(),
                        "begin the journal")
                .isSucceeded();
        if (!written) {
            throw notEmpty(etcd, "a master has begun a cluster there meanwhile");
        }
    }

    private static TarnException notEmpty(EtcdConnection etcd, String what) {
        return new TarnException(
                ErrorCode.ALREADY_EXISTS,
                "etcd has keys below " + etcd.config().prefix() + " already (" + what
                        + "); restore under a new master.etcd.prefix, or stop the masters that use this one and delete what is there");
    }

    private static KV kv(EtcdConnection etcd) {
        return etcd.client().getKVClient();
    }
}
