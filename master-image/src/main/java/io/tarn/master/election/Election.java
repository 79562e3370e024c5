package io.tarn.master.election;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.KV;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.Watch;
import io.etcd.jetcd.kv.TxnResponse;
import io.etcd.jetcd.op.Cmp;
import io.etcd.jetcd.op.CmpTarget;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.DeleteOption;
import io.etcd.jetcd.options.GetOption;
import io.etcd.jetcd.options.PutOption;
import io.etcd.jetcd.options.WatchOption;
import io.etcd.jetcd.watch.WatchResponse;
import io.tarn.master.etcd.EtcdConnection;
import io.tarn.master.etcd.HistoryStart;
import io.tarn.master.state.Format;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One member's part in the election: whoever creates the leader's key leads, as long as the lease lives on which it was put. The transactions are those of
 * docs/design/etcd.md. {@link #campaign} and {@link #resign} are for one thread at a time; all else for any.
 */
public final class Election {
    private static final Logger LOG = LoggerFactory.getLogger(Election.class);
    private static final String STANDING = "stand for election";
    private static final long SUCCESSOR_LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final EtcdConnection etcd;
    private final ElectionConfig config;
    private final ByteSequence self;
    private final int reads;
    private final ByteSequence key;
    private volatile @Nullable TarnException failure;

    /** @param address where clients find this member once it leads, as host:port */
    public Election(EtcdConnection etcd, ElectionConfig config, String address) {
        this(etcd, config, address, Format.NEWEST);
    }

    /** @param reads the newest {@link Format} that this member reads, for the others to know */
    public Election(EtcdConnection etcd, ElectionConfig config, String address, int reads) {
        this.etcd = etcd;
        this.config = config;
        this.reads = reads;
        this.self = ByteSequence.from(address, StandardCharsets.UTF_8);
        this.key = etcd.keys().leader();
    }

    /** This member, by its address. */
    public String self() {
        return self.toString(StandardCharsets.UTF_8);
    }

    /** Waits until this member leads; while etcd does not answer it keeps asking. */
    public Leadership campaign() throws InterruptedException {
        while (true) {
            try {
                Leadership won = tryCampaign();
                if (won != null) {
                    return won;
                }
            } catch (TarnException e) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                if (failure == null) {
                    LOG.warn("This master cannot take part in the election, and tries on: {}", e.getMessage());
                }
                failure = e;
                LockSupport.parkNanos(config.lease().toNanos() / 10);
            }
        }
    }

    /** Why it cannot take part; null while all is well. */
    public @Nullable TarnException failure() {
        return failure;
    }

    /** What to tell whoever asks this member while it does not lead. */
    public String advice() {
        TarnException now = failure;
        return "ask the other masters" + (now == null ? "" : "; it cannot be elected: " + now.getMessage());
    }

    /** One lease's time; null where it has to begin again with another one. */
    private @Nullable Leadership tryCampaign() throws TarnException, InterruptedException {
        MemberLease lease = MemberLease.take(etcd, config.lease());
        boolean won = false;
        try {
            announce(lease);
            while (lease.isValid()) {
                KeyValue leader = leaderKey();
                failure = null;
                if (leader == null) {
                    leader = create(lease);
                }
                if (leader == null) {
                    LockSupport.parkNanos(SUCCESSOR_LOOK_NANOS);
                    if (Thread.interrupted()) {
                        throw new InterruptedException();
                    }
                } else if (leader.getLease() == lease.id()) {
                    HistoryStart history = HistoryStart.read(etcd);
                    won = true;
                    return new Leadership(leader.getCreateRevision(), history, lease);
                } else {
                    awaitEnd(leader);
                }
            }
            return null;
        } finally {
            if (!won) {
                lease.close();
            }
        }
    }

    /** Tells the others that this member takes part, and which format it reads. */
    private void announce(MemberLease lease) throws TarnException {
        ByteSequence format = ByteSequence.from(Integer.toString(reads), StandardCharsets.US_ASCII);
        etcd.await(kv().put(etcd.keys().member(self()), format, onLease(lease.id())), "announce this master");
    }

    /**
     * Creates the leader's key, unless it is there, or another member alone may.
     *
     * @return what is there then; null where another one may
     */
    private @Nullable KeyValue create(MemberLease lease) throws TarnException {
        ByteSequence successor = etcd.keys().successor();
        Cmp nobodyLeads = new Cmp(key, Cmp.Op.EQUAL, CmpTarget.createRevision(0));
        Cmp nobodyIsNamed = new Cmp(successor, Cmp.Op.EQUAL, CmpTarget.createRevision(0));
        Op put = Op.put(key, self, onLease(lease.id()));
        Op read = Op.get(key, GetOption.DEFAULT);
        TxnResponse answer = etcd.await(
                kv().txn()
                        .If(nobodyLeads, nobodyIsNamed)
                        .Then(put, read)
                        .Else(read, Op.get(successor, GetOption.DEFAULT))
                        .commit(),
                STANDING);
        KeyValue leader = first(answer, 0);
        if (leader != null || answer.isSucceeded()) {
            return leader;
        }
        KeyValue named = first(answer, 1);
        if (named == null || !named.getValue().equals(self)) {
            return null;
        }
        Cmp selfIsNamed = new Cmp(successor, Cmp.Op.EQUAL, CmpTarget.value(self));
        return first(
                etcd.await(
                        kv().txn()
                                .If(nobodyLeads, selfIsNamed)
                                .Then(put, Op.delete(successor, DeleteOption.DEFAULT), read)
                                .Else(read)
                                .commit(),
                        STANDING),
                0);
    }

    private static @Nullable KeyValue first(TxnResponse answer, int read) {
        List<KeyValue> found = answer.getGetResponses().get(read).getKvs();
        return found.isEmpty() ? null : found.getFirst();
    }

    private static PutOption onLease(long leaseId) {
        return PutOption.builder().withLeaseId(leaseId).build();
    }

    /**
     * Lets nobody but one member lead after {@link #resign}, for the time of a lease; whoever is there then may.
     *
     * @throws TarnException NOT_LEADER where the leadership is over already; UNAVAILABLE where etcd does not answer
     */
    public void nameSuccessor(Leadership leadership, String successor) throws TarnException {
        long leaseId = etcd.await(
                        etcd.client().getLeaseClient().grant(config.lease().toSeconds()), "name who leads next")
                .getID();
        TxnResponse answer = etcd.await(
                kv().txn()
                        .If(new Cmp(key, Cmp.Op.EQUAL, CmpTarget.createRevision(leadership.revision())))
                        .Then(Op.put(
                                etcd.keys().successor(),
                                ByteSequence.from(successor, StandardCharsets.UTF_8),
                                onLease(leaseId)))
                        .commit(),
                "name who leads next");
        if (!answer.isSucceeded()) {
            throw new TarnException(ErrorCode.NOT_LEADER, "this master leads no more: ask the others");
        }
    }

    /** Members that take part, this one too while it does, as their addresses in order. Waits for etcd. */
    public List<String> members() throws TarnException {
        return List.copyOf(formats().keySet());
    }

    /** The same, each with the newest {@link Format} that it reads. Waits for etcd. */
    public SortedMap<String, Integer> formats() throws TarnException {
        GetOption all = GetOption.builder().isPrefix(true).build();
        SortedMap<String, Integer> formats = new TreeMap<>();
        for (KeyValue member : etcd.await(kv().get(etcd.keys().members(), all), "list the masters")
                .getKvs()) {
            formats.put(etcd.keys().memberAddress(member.getKey()), formatOf(member));
        }
        return formats;
    }

    /** Releases that knew of no formats said nothing; later ones may say more behind a space. */
    private static int formatOf(KeyValue member) {
        String said = member.getValue().toString(StandardCharsets.US_ASCII).split(" ", 2)[0];
        return said.isEmpty() ? Format.FIRST : Integer.parseInt(said);
    }

    /** Waits until the leader's key is deleted, or for the time of a lease. */
    private void awaitEnd(KeyValue leader) throws TarnException, InterruptedException {
        CountDownLatch changed = new CountDownLatch(1);
        WatchOption deletions = WatchOption.builder()
                .withRevision(leader.getModRevision() + 1)
                .withNoPut(true)
                .build();
        Watch.Listener listener = Watch.listener(
                (WatchResponse response) -> changed.countDown(), failure -> changed.countDown(), changed::countDown);
        try (Watch.Watcher watcher = etcd.client().getWatchClient().watch(key, deletions, listener)) {
            changed.await(config.lease().toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** Puts the leader's key as it is, for its {@code mod} revision to change. */
    public Op touch(Leadership leadership) {
        return Op.put(key, self, onLease(leadership.lease().id()));
    }

    /** Gives a leadership up: another member, or this one again, may lead at once. */
    public void resign(Leadership leadership) {
        leadership.lease().close();
    }

    /** Who leads, as its address; null where nobody does. Waits for etcd. */
    public @Nullable String leader() throws TarnException {
        KeyValue leader = leaderKey();
        return leader == null ? null : leader.getValue().toString(StandardCharsets.UTF_8);
    }

    private @Nullable KeyValue leaderKey() throws TarnException {
        List<KeyValue> found = etcd.await(kv().get(key), "look who leads").getKvs();
        return found.isEmpty() ? null : found.getFirst();
    }

    private KV kv() {
        return etcd.client().getKVClient();
    }
}
