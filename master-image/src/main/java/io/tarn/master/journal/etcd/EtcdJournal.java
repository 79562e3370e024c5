package io.tarn.master.journal.etcd;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.KV;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.kv.GetResponse;
import io.etcd.jetcd.kv.TxnResponse;
import io.etcd.jetcd.op.Cmp;
import io.etcd.jetcd.op.CmpTarget;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.DeleteOption;
import io.etcd.jetcd.options.GetOption;
import io.etcd.jetcd.options.PutOption;
import io.tarn.master.election.Election;
import io.tarn.master.election.Leadership;
import io.tarn.master.etcd.EtcdConnection;
import io.tarn.master.etcd.EtcdKeys;
import io.tarn.master.etcd.EtcdMaintenance;
import io.tarn.master.etcd.HistoryStart;
import io.tarn.master.journal.Journal;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A journal that masters share. A batch is one key, put by a transaction that compares the revision at which the leader's key was created and the
 * batch before it, so a deposed leader can append nothing and no gap can exist; docs/design/etcd.md has the transactions and why a try may be repeated.
 *
 * <p>{@link #append} and {@link #startEpoch} are for one thread at a time; everything else is thread-safe.
 */
public final class EtcdJournal implements Journal {
    private static final Logger LOG = LoggerFactory.getLogger(EtcdJournal.class);
    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final EtcdConnection etcd;
    private final Election election;
    private final JournalSize size = new JournalSize();
    private final EtcdMaintenance maintenance;

    private volatile @Nullable Leadership leadership;
    private volatile long lastSequence;
    private long lastRevision;

    /** The connection stays the caller's. */
    public EtcdJournal(EtcdConnection etcd, Election election) {
        this.etcd = etcd;
        this.election = election;
        this.maintenance = new EtcdMaintenance(etcd);
    }

    /** What {@link #startEpoch} has won; null before, and after {@link #close}. */
    public @Nullable Leadership leadership() {
        return leadership;
    }

    @Override
    public long lastSequence() throws TarnException {
        if (leadership != null) {
            return lastSequence;
        }
        return sequences().last();
    }

    @Override
    public long firstSequence() throws TarnException {
        return sequences().first();
    }

    @Override
    public long firstEpoch() throws TarnException {
        return HistoryStart.read(etcd).epoch();
    }

    /**
     * Those of the batches that are there.
     *
     * @param first one more than the last where there is none
     */
    private record Sequences(long first, long last) {}

    /** Batches have no gaps, so that their number tells the last one: asked for it by order, etcd would read all of them. */
    private Sequences sequences() throws TarnException {
        GetOption range = GetOption.builder()
                .withRange(etcd.keys().endOfBatches())
                .withKeysOnly(true)
                .withLimit(1)
                .build();
        GetResponse answer = etcd.await(kv().get(etcd.keys().batches(), range), "read the journal in etcd");
        if (answer.getKvs().isEmpty()) {
            long before = HistoryStart.read(etcd).sequence();
            return new Sequences(before + 1, before);
        }
        long first = EtcdKeys.sequence(answer.getKvs().getFirst().getKey());
        return new Sequences(first, first + answer.getCount() - 1);
    }

    /** Waits until this member is elected. A leadership that it had is given up first. */
    @Override
    public long startEpoch() throws TarnException {
        close();
        Leadership won;
        try {
            won = election.campaign();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TarnException(ErrorCode.UNAVAILABLE, "this master is stopping", e);
        }
        try {
            readEnd(won);
        } catch (TarnException e) {
            election.resign(won);
            throw e;
        }
        leadership = won;
        return won.epoch();
    }

    private void readEnd(Leadership won) throws TarnException {
        Sequences there = sequences();
        lastSequence = there.last();
        KeyValue last = at(lastSequence);
        if (last == null && there.first() <= there.last()) {
            throw changedByOthers(lastSequence);
        }
        lastRevision = last == null ? 0 : last.getModRevision();
        if (last != null) {
            long epoch = BatchValue.decode(lastSequence, last.getValue()).epoch();
            if (epoch >= won.epoch()) {
                throw new TarnException(
                        ErrorCode.CORRUPT,
                        "the journal in etcd ends with epoch " + epoch + ", and etcd gives " + won.epoch()
                                + " now: etcd was restored from an older state; restore Tarn from a backup under a new master.etcd.prefix");
            }
        }
    }

    @Override
    public void append(long epoch, long sequence, byte[] batch) throws TarnException {
        if (batch.length == 0 || batch.length > MAX_BATCH_BYTES) {
            throw new IllegalArgumentException("a batch of " + batch.length + " bytes");
        }
        Leadership held = leadership;
        if (held == null || held.epoch() != epoch || !held.isValid()) {
            throw deposed(epoch);
        }
        if (sequence != lastSequence + 1) {
            throw new IllegalArgumentException("batch " + sequence + " cannot follow batch " + lastSequence);
        }
        lastRevision = append(held, new BatchValue(sequence, epoch, UUID.randomUUID(), batch));
        lastSequence = sequence;
        size.add(sequence, batch.length + BatchValue.HEADER_BYTES);
    }

    /** A batch that another master has appended and this one applied. */
    public void followed(Batch batch) {
        size.add(batch.sequence(), batch.bytes().length + BatchValue.HEADER_BYTES);
    }

    /** Sends the same transaction until its outcome is known. @return the revision at which the batch was put */
    private long append(Leadership held, BatchValue batch) throws TarnException {
        ByteSequence value = batch.encode();
        TarnException unanswered = null;
        while (held.isValid()) {
            try {
                return appendOnce(held, batch, value);
            } catch (TarnException e) {
                boolean mayHaveHappened = unanswered != null || e.code() == ErrorCode.UNAVAILABLE;
                if (e.code() == ErrorCode.NOT_LEADER || e.code() == ErrorCode.CORRUPT || !mayHaveHappened) {
                    throw e;
                }
                if (Thread.currentThread().isInterrupted()) {
                    throw unknown(batch, e);
                }
                if (unanswered == null) {
                    LOG.warn(
                            "Batch {} is sent again, until its outcome is known: {}", batch.sequence(), e.getMessage());
                }
                unanswered = e;
                LockSupport.parkNanos(RETRY_NANOS);
            }
        }
        throw unanswered == null ? deposed(batch.epoch()) : unknown(batch, unanswered);
    }

    private long appendOnce(Leadership held, BatchValue batch, ByteSequence value) throws TarnException {
        try {
            return outcome(etcd.await(transaction(held, batch, value), "append to the journal"), held, batch);
        } catch (TarnException e) {
            if (e.code() == ErrorCode.NO_SPACE) {
                KeyValue there = at(batch.sequence());
                if (there != null && isThis(batch, there)) {
                    return there.getModRevision();
                }
            }
            throw e;
        }
    }

    /** What is there; an etcd that says it is full may have taken the batch all the same (its quota is looked at again when a request is applied). */
    private @Nullable KeyValue at(long sequence) throws TarnException {
        List<KeyValue> found = etcd.await(kv().get(etcd.keys().batch(sequence)), "look for a batch")
                .getKvs();
        return found.isEmpty() ? null : found.getFirst();
    }

    private static boolean isThis(BatchValue batch, KeyValue there) throws TarnException {
        return BatchValue.decode(batch.sequence(), there.getValue()).batchId().equals(batch.batchId());
    }

    private static TarnException unknown(BatchValue batch, TarnException unanswered) {
        return new TarnException(
                ErrorCode.OUTCOME_UNKNOWN,
                "this master ends, or its lease ran out, before etcd told whether it took batch " + batch.sequence(),
                unanswered);
    }

    private CompletableFuture<TxnResponse> transaction(Leadership held, BatchValue batch, ByteSequence value) {
        ByteSequence leader = etcd.keys().leader();
        ByteSequence key = etcd.keys().batch(batch.sequence());
        List<Cmp> conditions = new ArrayList<>();
        conditions.add(new Cmp(leader, Cmp.Op.EQUAL, CmpTarget.createRevision(held.revision())));
        conditions.add(new Cmp(key, Cmp.Op.EQUAL, CmpTarget.createRevision(0)));
        List<Op> puts = new ArrayList<>(List.of(Op.put(key, value, PutOption.DEFAULT)));
        if (lastRevision > 0) {
            ByteSequence before = etcd.keys().batch(batch.sequence() - 1);
            conditions.add(new Cmp(before, Cmp.Op.EQUAL, CmpTarget.modRevision(lastRevision)));
        } else {
            // A copy of this request that etcd carries out late, when the batch has been trimmed, is to find the
            // leader's key changed.
            conditions.add(new Cmp(leader, Cmp.Op.EQUAL, CmpTarget.modRevision(held.revision())));
            puts.add(election.touch(held));
        }
        return kv().txn()
                .If(conditions.toArray(Cmp[]::new))
                .Then(puts.toArray(Op[]::new))
                .Else(Op.get(key, GetOption.DEFAULT), Op.get(leader, GetOption.DEFAULT))
                .commit();
    }

    private static long outcome(TxnResponse answer, Leadership held, BatchValue batch) throws TarnException {
        if (answer.isSucceeded()) {
            return answer.getHeader().getRevision();
        }
        List<KeyValue> there = answer.getGetResponses().get(0).getKvs();
        List<KeyValue> leader = answer.getGetResponses().get(1).getKvs();
        if (!there.isEmpty() && isThis(batch, there.getFirst())) {
            return there.getFirst().getModRevision();
        }
        if (!leader.isEmpty() && leader.getFirst().getCreateRevision() == held.revision()) {
            throw changedByOthers(batch.sequence());
        }
        throw deposed(batch.epoch());
    }

    private static TarnException changedByOthers(long sequence) {
        return new TarnException(
                ErrorCode.CORRUPT,
                "the journal in etcd was changed by somebody else at batch " + sequence
                        + "; nothing but Tarn's masters may write below its prefix");
    }

    private static TarnException deposed(long epoch) {
        return new TarnException(
                ErrorCode.NOT_LEADER, "epoch " + epoch + " is over: ask the leader of the epoch that follows");
    }

    @Override
    public Iterator<Batch> read(long fromSequence) throws TarnException {
        long first = firstSequence();
        if (fromSequence < first) {
            throw new TarnException(
                    ErrorCode.NOT_FOUND,
                    "batch " + fromSequence + " of the journal in etcd has been trimmed, the first one is " + first
                            + ": take a checkpoint from another master");
        }
        return new BatchPages(etcd, fromSequence);
    }

    /**
     * Tells the others how far the durable state of this member goes. The leader deletes what two of them hold, or what the only one holds; never the last
     * batch, since the next one is compared with it.
     */
    @Override
    public void trim(long sequence) throws TarnException {
        ByteSequence own = etcd.keys().flushed(election.self());
        ByteSequence digits = ByteSequence.from(Long.toString(sequence), StandardCharsets.US_ASCII);
        try {
            etcd.await(kv().put(own, digits), "note a checkpoint");
        } catch (TarnException e) {
            if (e.code() != ErrorCode.NO_SPACE) {
                throw e;
            }
            LOG.warn("The journal is trimmed all the same, to make room: {}", e.getMessage());
        }
        size.forget(sequence);
        Leadership now = leadership;
        if (now != null && now.isValid()) {
            delete(now, Math.min(heldTwice(own, sequence), lastSequence - 1));
        }
    }

    private long heldTwice(ByteSequence own, long ownSequence) throws TarnException {
        GetOption all = GetOption.builder().isPrefix(true).build();
        List<Long> held = new ArrayList<>(List.of(ownSequence));
        for (KeyValue member : etcd.await(kv().get(etcd.keys().flushed(), all), "look for checkpoints")
                .getKvs()) {
            if (!member.getKey().equals(own)) {
                held.add(Long.parseLong(member.getValue().toString(StandardCharsets.US_ASCII)));
            }
        }
        held.sort(Comparator.reverseOrder());
        return held.get(Math.min(1, held.size() - 1));
    }

    private void delete(Leadership now, long upTo) throws TarnException {
        if (upTo < 1) {
            return;
        }
        DeleteOption range =
                DeleteOption.builder().withRange(etcd.keys().batch(upTo + 1)).build();
        Cmp leads = new Cmp(etcd.keys().leader(), Cmp.Op.EQUAL, CmpTarget.createRevision(now.revision()));
        TxnResponse trimmed = etcd.await(
                kv().txn()
                        .If(leads)
                        .Then(Op.delete(etcd.keys().batches(), range))
                        .commit(),
                "trim the journal in etcd");
        maintenance.run(trimmed.getHeader().getRevision());
    }

    /** Of what has come, since this process runs, after the sequence of the last {@link #trim}. */
    @Override
    public long sizeBytes() {
        return size.bytes();
    }

    private KV kv() {
        return etcd.client().getKVClient();
    }

    /** Gives the leadership up. */
    @Override
    public void close() {
        Leadership held = leadership;
        leadership = null;
        if (held != null) {
            election.resign(held);
        }
    }
}
