package io.tarn.master.election;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.KV;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.Watch;
import io.etcd.jetcd.kv.GetResponse;
import io.etcd.jetcd.kv.TxnResponse;
import io.etcd.jetcd.op.Cmp;
import io.etcd.jetcd.op.CmpTarget;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.GetOption;
import io.etcd.jetcd.options.PutOption;
import io.etcd.jetcd.options.WatchOption;
import io.etcd.jetcd.watch.WatchResponse;
import io.tarn.master.etcd.EtcdConnection;
import io.tarn.protocol.error.TarnException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One member's part in the election: whoever creates the leader's key leads, as long as the lease lives on which it was put. The transactions are those of
 * docs/design/etcd.md. {@link #campaign} and {@link #resign} are for one thread at a time; {@link #leader} for any.
 */
public final class Election {
    private static final Logger LOG = LoggerFactory.getLogger(Election.class);

    private final EtcdConnection etcd;
    private final ElectionConfig config;
    private final ByteSequence self;
    private final ByteSequence key;

    /** @param address where clients find this member once it leads, as host:port */
    public Election(EtcdConnection etcd, ElectionConfig config, String address) {
        this.etcd = etcd;
        this.config = config;
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
                LOG.warn("This master cannot take part in the election yet: {}", e.getMessage());
                LockSupport.parkNanos(config.lease().toNanos() / 10);
            }
        }
    }

    /** One lease's time; null where it has to begin again with another one. */
    private @Nullable Leadership tryCampaign() throws TarnException, InterruptedException {
        MemberLease lease = MemberLease.take(etcd, config.lease());
        boolean won = false;
        try {
            while (lease.isValid()) {
                KeyValue leader = create(lease);
                if (leader.getLease() == lease.id()) {
                    won = true;
                    return new Leadership(leader.getCreateRevision(), lease);
                }
                awaitEnd(leader);
            }
            return null;
        } finally {
            if (!won) {
                lease.close();
            }
        }
    }

    /** Creates the leader's key, unless it is there. @return what is there then */
    private KeyValue create(MemberLease lease) throws TarnException {
        PutOption onLease = PutOption.builder().withLeaseId(lease.id()).build();
        TxnResponse answer = etcd.await(
                kv().txn()
                        .If(new Cmp(key, Cmp.Op.EQUAL, CmpTarget.createRevision(0)))
                        .Then(Op.put(key, self, onLease), Op.get(key, GetOption.DEFAULT))
                        .Else(Op.get(key, GetOption.DEFAULT))
                        .commit(),
                "stand for election");
        return answer.getGetResponses().getFirst().getKvs().getFirst();
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

    /** Gives a leadership up: another member, or this one again, may lead at once. */
    public void resign(Leadership leadership) {
        leadership.lease().close();
    }

    /** Who leads, as its address; null where nobody does. Waits for etcd. */
    public @Nullable String leader() throws TarnException {
        GetResponse answer = etcd.await(kv().get(key), "look who leads");
        return answer.getKvs().isEmpty()
                ? null
                : answer.getKvs().getFirst().getValue().toString(StandardCharsets.UTF_8);
    }

    private KV kv() {
        return etcd.client().getKVClient();
    }
}
