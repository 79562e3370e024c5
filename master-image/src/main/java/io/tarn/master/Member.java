package io.tarn.master;

import io.micrometer.core.instrument.MeterRegistry;
import io.tarn.master.checkpoint.MemberState;
import io.tarn.master.checkpoint.NoStateGivenException;
import io.tarn.master.checkpoint.StandbyDirectory;
import io.tarn.master.checkpoint.StateCopy;
import io.tarn.master.election.Election;
import io.tarn.master.election.Leadership;
import io.tarn.master.etcd.EtcdCheckUp;
import io.tarn.master.etcd.EtcdConnection;
import io.tarn.master.etcd.EtcdUnavailableException;
import io.tarn.master.journal.etcd.EtcdJournal;
import io.tarn.master.journal.etcd.JournalFollower;
import io.tarn.master.leader.FaultHandler;
import io.tarn.master.leader.SingleWriterLeader;
import io.tarn.master.peer.Peers;
import io.tarn.master.record.Record;
import io.tarn.master.record.RecordCodec;
import io.tarn.master.rpc.CallServer;
import io.tarn.master.rpc.Peer;
import io.tarn.master.rpc.RpcServer;
import io.tarn.master.state.Format;
import io.tarn.master.state.StateStore;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.release.Release;
import io.tarn.protocol.v1.MasterInfo;
import io.tarn.runtime.lifecycle.Lifecycle;
import io.tarn.understore.UnderStores;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One of several masters that share a journal in etcd. It follows the journal as a standby until it is elected, leads until its leadership runs out, and
 * follows again, all on the same state; where the journal was trimmed beyond it meanwhile, on another master's. Where it meets what only a newer release reads
 * it takes part no more: it could do nothing but stand in the way of those that can. {@link #close} hands the leadership over, where it has it. Thread-safe.
 */
public final class Member implements Peer, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Member.class);
    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Lifecycle parts;
    private final MasterConfig config;
    private final EtcdConnection etcd;
    private final Election election;
    private final EtcdJournal journal;
    private final MemberState state;
    private final UnderStores underStores;
    private final CallServer server;
    private final Peers peers;
    private final MeterRegistry meters;
    private final InstantSource clock;
    private final RecordCodec codec;
    private final FaultHandler faultHandler;
    private final Thread thread;
    private volatile boolean stopped;
    private volatile boolean leading;
    private volatile boolean leftBehind;
    private volatile @Nullable TarnException failure;
    private volatile @Nullable TarnException tooNew;
    private volatile @Nullable JournalFollower follower;
    private volatile CompletableFuture<String> leadershipOver = new CompletableFuture<>();

    /**
     * With parts of the caller's choice; {@code parts}, which become its own, hold those that are to be closed. Nothing happens before {@link #begin}.
     *
     * @param faultHandler called where it takes part no more, in its own thread, for which {@link #close} waits
     */
    public Member(
            Lifecycle parts,
            MasterConfig config,
            EtcdConnection etcd,
            Election election,
            EtcdJournal journal,
            MemberState state,
            UnderStores underStores,
            CallServer server,
            Peers peers,
            MeterRegistry meters,
            InstantSource clock,
            RecordCodec codec,
            FaultHandler faultHandler) {
        this.parts = parts;
        this.config = config;
        this.etcd = etcd;
        this.election = election;
        this.journal = journal;
        this.state = state;
        this.underStores = underStores;
        this.server = server;
        this.peers = peers;
        this.meters = meters;
        this.clock = clock;
        this.codec = codec;
        this.faultHandler = faultHandler;
        this.thread = Thread.ofPlatform().name("master-member").unstarted(this::run);
        meters.gauge("tarn.master.leads", this, member -> member.leading ? 1 : 0);
        meters.gauge("tarn.master.applied", state, now -> now.store().appliedSequence());
    }

    /**
     * Opens the state, or takes another master's, and takes part; does not wait until anybody leads.
     *
     * @param address host:port under which others find this master
     * @param codec of what it reads, and tells the others that it reads
     * @param faultHandler called where it takes part no more, in its own thread, for which {@link #close} waits: end the process
     * @throws TarnException where the directory cannot be used, or what is there is damaged, or of a newer release
     */
    public static Member start(
            MasterConfig config,
            String address,
            UnderStores underStores,
            MeterRegistry meters,
            InstantSource clock,
            RecordCodec codec,
            FaultHandler faultHandler)
            throws TarnException {
        Lifecycle parts = new Lifecycle();
        boolean started = false;
        try {
            EtcdConnection etcd = parts.add("etcd", EtcdConnection.open(config.etcd()));
            Election election = new Election(etcd, config.election(), address, codec.reads());
            EtcdJournal journal = new EtcdJournal(etcd, election);
            Peers peers = new Peers(election);
            MemberState state = parts.add("master directory", openDirectory(config, journal, peers, meters));
            RpcServer server = parts.add("master calls", RpcServer.start(config.rpc(), election::advice, meters));
            Member member = new Member(
                            parts,
                            config,
                            etcd,
                            election,
                            journal,
                            state,
                            underStores,
                            server,
                            peers,
                            meters,
                            clock,
                            codec,
                            faultHandler)
                    .begin();
            started = true;
            return member;
        } finally {
            if (!started) {
                parts.close();
            }
        }
    }

    /** Begins to take part; once. */
    public Member begin() {
        parts.add("calls of other masters", server.serveAlways(this));
        thread.start();
        return this;
    }

    /** A master may start before its etcd does, and before those whose state it needs. */
    private static StandbyDirectory openDirectory(
            MasterConfig config, EtcdJournal journal, Peers peers, MeterRegistry meters) throws TarnException {
        boolean told = false;
        while (true) {
            try {
                return StandbyDirectory.open(
                        config.directory(), journal, peers, config.state(), config.checkpoint(), meters);
            } catch (NoStateGivenException | EtcdUnavailableException e) {
                if (Thread.currentThread().isInterrupted()) {
                    throw e;
                }
                if (!told) {
                    LOG.warn("This master cannot start yet: {}", e.getMessage());
                    told = true;
                }
                LockSupport.parkNanos(RETRY_NANOS);
            }
        }
    }

    /** Whether it leads and serves. */
    public boolean isLeading() {
        return leading;
    }

    /** Why it can neither lead nor follow; empty while all is well. */
    public Optional<String> problem() {
        JournalFollower now = follower;
        TarnException own = now == null ? failure : now.failure();
        return Optional.ofNullable(own == null ? election.failure() : own).map(TarnException::getMessage);
    }

    @Override
    public MasterInfo info() {
        return MasterInfo.newBuilder()
                .setAddress(election.self())
                .setLeads(leading)
                .setAnswers(true)
                .setAppliedSequence(state.store().appliedSequence())
                .setDurableSequence(state.store().durableSequence())
                .setVersion(Release.version())
                .setProblem(problem().orElse(""))
                .build();
    }

    @Override
    public StateCopy copyState() throws TarnException {
        return state.copyState();
    }

    private void run() {
        while (!stopped && tooNew == null) {
            try {
                takePart();
            } catch (TarnException e) {
                fail(e);
            } catch (RuntimeException e) {
                LOG.error("This master failed unexpectedly, and follows again", e);
                LockSupport.parkNanos(RETRY_NANOS);
            } finally {
                journal.close();
            }
        }
        TarnException end = tooNew;
        if (end != null && !stopped) {
            failure = end;
            faultHandler.fault("read what a newer release has written", end);
        }
    }

    private void takePart() throws TarnException {
        if (leftBehind) {
            state.renew();
            leftBehind = false;
        }
        if (Format.of(state.store()) > codec.reads()) {
            throw Format.tooNew("this master's state is of format " + Format.of(state.store()));
        }
        long epoch = awaitElection();
        if (tooNew == null) {
            lead(epoch);
            failure = null;
        }
    }

    private void fail(TarnException e) {
        failure = e;
        if (e.code() == ErrorCode.UNSUPPORTED) {
            tooNew = e;
        } else if (!stopped && tooNew == null) {
            LOG.warn("This master does not lead, and follows again: {}", e.getMessage());
            LockSupport.parkNanos(RETRY_NANOS);
        }
    }

    /** Follows the journal meanwhile. */
    private long awaitElection() throws TarnException {
        Standby standby = new Standby(state.store(), journal, codec, this::leaveBehind, this::cannotRead);
        try (JournalFollower started = JournalFollower.start(etcd, standby)) {
            follower = started;
            LOG.info("Following the journal as a standby, from batch {} on", standby.appliedSequence() + 1);
            return journal.startEpoch();
        } finally {
            follower = null;
            if ((leftBehind || tooNew != null) && !stopped) {
                var unused = Thread.interrupted();
            }
        }
    }

    private void leaveBehind() {
        leftBehind = true;
        thread.interrupt();
    }

    private void cannotRead(TarnException why) {
        tooNew = why;
        thread.interrupt();
    }

    private void lead(long epoch) throws TarnException {
        Leadership leadership = journal.leadership();
        if (leadership == null) {
            return;
        }
        CompletableFuture<String> over = new CompletableFuture<>();
        leadershipOver = over;
        leadership.onLost(() -> over.complete("its lease has run out"));
        LeadershipMeters ownMeters = new LeadershipMeters(meters);
        StateStore store = state.store();
        store.forgetMirror();
        try (Lifecycle leaderParts = new Lifecycle()) {
            leaderParts.add("meters of the leader", ownMeters);
            var leader = leaderParts.add(
                    "leader",
                    SingleWriterLeader.lead(
                            store,
                            journal,
                            epoch,
                            codec,
                            config.leader(),
                            meters,
                            (what, cause) -> over.complete("it could not " + what + ": " + cause.getMessage())));
            leader.append(new Record.EpochBegan(epoch, election.self(), clock.millis()));
            Master.serve(
                    leaderParts,
                    config,
                    leader,
                    journal,
                    store,
                    underStores,
                    server,
                    meters,
                    clock,
                    new MemberMasters(election, leadership, new EtcdCheckUp(etcd), this, peers, over),
                    leadership::isValid);
            leading = !stopped;
            LOG.info("Leading in epoch {} from batch {} on", epoch, store.appliedSequence());
            if (leading) {
                LOG.info("Leading in epoch {} no more: {}", epoch, over.join());
            }
        } finally {
            leading = false;
        }
    }

    /** Ends this master's part; another one leads at once, where it led. */
    @Override
    public void close() {
        stopped = true;
        leadershipOver.complete("this master is stopping");
        thread.interrupt();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        parts.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
