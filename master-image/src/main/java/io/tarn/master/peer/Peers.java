package io.tarn.master.peer;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.tarn.master.checkpoint.NoStateGivenException;
import io.tarn.master.checkpoint.StateSource;
import io.tarn.master.election.Election;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.GrpcErrors;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.v1.FetchStateRequest;
import io.tarn.protocol.v1.GetMemberRequest;
import io.tarn.protocol.v1.MasterInfo;
import io.tarn.protocol.v1.PeerServiceGrpc;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The other masters of the cluster, as etcd names them. Each question is a connection of its own, since they are rare. Safe for many threads. */
public final class Peers implements StateSource {
    private static final Logger LOG = LoggerFactory.getLogger(Peers.class);
    private static final long ANSWER_MILLIS = 1_000;

    private final Election election;
    private final Function<String, ManagedChannel> connector;

    public Peers(Election election) {
        this(
                election,
                address -> NettyChannelBuilder.forTarget(address).usePlaintext().build());
    }

    /** @param connector connects with an address */
    public Peers(Election election, Function<String, ManagedChannel> connector) {
        this.election = election;
        this.connector = connector;
    }

    /** Their addresses, the leader's first. */
    public List<String> addresses() throws TarnException {
        String leader = election.leader();
        List<String> others = new ArrayList<>(election.members());
        if (leader != null && others.remove(leader)) {
            others.addFirst(leader);
        }
        others.remove(election.self());
        return others;
    }

    /** What a master says of itself; where it says nothing within a second, that. */
    public MasterInfo ask(String address) {
        ManagedChannel channel = connector.apply(address);
        try {
            return PeerServiceGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(ANSWER_MILLIS, TimeUnit.MILLISECONDS)
                    .getMember(GetMemberRequest.getDefaultInstance())
                    .getMember();
        } catch (RuntimeException e) {
            return MasterInfo.newBuilder()
                    .setAddress(address)
                    .setProblem(GrpcErrors.decode(e).getMessage())
                    .build();
        } finally {
            channel.shutdownNow();
        }
    }

    @Override
    public long fetch(Path directory) throws TarnException {
        List<String> failures = new ArrayList<>();
        for (String address : addresses()) {
            try {
                return fetch(address, directory);
            } catch (TarnException e) {
                failures.add(address + ": " + e.getMessage());
            }
        }
        throw new NoStateGivenException(
                failures.isEmpty()
                        ? "no other master takes part, from which this one could take its state; start one that has it"
                        : "no other master gives its state: " + String.join("; ", failures));
    }

    private long fetch(String address, Path directory) throws TarnException {
        LOG.info("Taking the state of the master at {}", address);
        ManagedChannel channel = connector.apply(address);
        try (IncomingState incoming = new IncomingState(directory)) {
            return incoming.take(
                    PeerServiceGrpc.newBlockingStub(channel).fetchState(FetchStateRequest.getDefaultInstance()));
        } catch (TarnException e) {
            throw e;
        } catch (IOException e) {
            throw new TarnException(
                    ErrorCode.UNAVAILABLE, "cannot write to " + directory + " (" + e + "): check space and rights", e);
        } catch (RuntimeException e) {
            throw GrpcErrors.decode(e);
        } finally {
            channel.shutdownNow();
        }
    }
}
