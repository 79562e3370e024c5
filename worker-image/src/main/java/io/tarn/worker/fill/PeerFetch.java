package io.tarn.worker.fill;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.frame.FrameHeader;
import io.tarn.protocol.frame.FrameType;
import io.tarn.protocol.placement.PlacementKey;
import io.tarn.protocol.placement.Rendezvous;
import io.tarn.protocol.v1.Member;
import io.tarn.protocol.v1.OpenRead;
import io.tarn.protocol.v1.ReadType;
import io.tarn.protocol.v1.SignedTicket;
import io.tarn.worker.cluster.ClusterView;
import io.tarn.worker.page.PageStore;
import io.tarn.worker.peer.PeerLine;
import io.tarn.worker.peer.Peers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;

/**
 * Fetches pages from other workers, so that each page crosses from the under store once: a block's home fetches it from there, all others from the home. A home that has not
 * got a page asks the worker that comes after it, which was the home before it came. See docs/design/placement.md. Safe for many threads.
 */
public final class PeerFetch {
    /** So many are asked in turn before the under store is, where one after the other is lost. */
    private static final int MAX_HOMES = 2;

    private static final Duration HOME_LIMIT = Duration.ofSeconds(10);
    private static final Duration FORMER_HOME_LIMIT = Duration.ofSeconds(1);

    private final ClusterView cluster;
    private final Peers peers;

    public PeerFetch(ClusterView cluster, Peers peers) {
        this.cluster = cluster;
        this.peers = peers;
    }

    /** A worker to ask, and what it is shown. */
    record Place(long workerId, SignedTicket ticket, boolean cachedOnly) {
        private Duration limit() {
            return cachedOnly ? FORMER_HOME_LIMIT : HOME_LIMIT;
        }
    }

    /** Whom to ask for a page before the under store, in this order. */
    List<Place> places(FillSource source, int page) {
        FillSource.Sharing sharing = source.sharing();
        List<Member> members = cluster.members();
        if (sharing == null || members.size() < 2) {
            return List.of();
        }
        PlacementKey key = PlacementKey.ofBlock(source.version(), sharing.block(page));
        List<Long> ranked = Rendezvous.rank(key, sharing.homes().homes(members));
        int own = ranked.indexOf(cluster.workerId());
        if (own == 0) {
            return ranked.size() == 1 ? List.of() : List.of(new Place(ranked.get(1), sharing.ticket(), true));
        }
        if (sharing.fromWorker()) {
            return List.of();
        }
        int before = Math.min(MAX_HOMES, own < 0 ? ranked.size() : own);
        return ranked.subList(0, before).stream()
                .map(workerId -> new Place(workerId, sharing.ticket(), false))
                .toList();
    }

    /**
     * Reads a range from another worker.
     *
     * @param sink may have had a part when this fails
     * @throws TarnException what that worker says: NOT_FOUND where it may only look into its cache; UNAVAILABLE, CORRUPT, or what the sink throws
     */
    void read(Place place, long offset, long length, PeerLine.Sink sink) throws TarnException {
        PeerLine kept = peers.kept(place.workerId());
        if (kept != null) {
            long handle = tryOpen(kept, place);
            if (handle != 0) {
                read(kept, handle, place, offset, length, sink);
                return;
            }
        }
        PeerLine line = peers.connect(place.workerId());
        read(line, open(line, place), place, offset, length, sink);
    }

    /** 0 where the line was closed since it was used last. */
    private static long tryOpen(PeerLine line, Place place) throws TarnException {
        try {
            return open(line, place);
        } catch (TarnException e) {
            if (e.code() == ErrorCode.UNAVAILABLE) {
                return 0;
            }
            throw e;
        }
    }

    /** Closes the line where that fails. */
    private static long open(PeerLine line, Place place) throws TarnException {
        OpenRead request = OpenRead.newBuilder()
                .setTicket(place.ticket())
                .setReadType(ReadType.CACHE)
                .setFromWorker(true)
                .setCachedOnly(place.cachedOnly())
                .build();
        try {
            line.send(FrameHeader.of(FrameType.OPEN_READ, 0), ByteBuffer.wrap(request.toByteArray()), place.limit());
            return line.receive(FrameType.OPENED, place.limit()).header().handle();
        } catch (TarnException e) {
            line.close();
            throw e;
        }
    }

    /** The line is kept where all went well. */
    private void read(PeerLine line, long handle, Place place, long offset, long length, PeerLine.Sink sink)
            throws TarnException {
        ByteBuf memory = PooledByteBufAllocator.DEFAULT.directBuffer(PageStore.PAGE_BYTES, PageStore.PAGE_BYTES);
        boolean whole = false;
        try {
            line.read(
                    handle,
                    offset,
                    Math.toIntExact(length),
                    memory.internalNioBuffer(0, PageStore.PAGE_BYTES).slice(),
                    sink,
                    place.limit());
            line.tell(FrameHeader.of(FrameType.CLOSE, 0).at(handle, 0), place.limit());
            whole = true;
        } finally {
            memory.release();
            if (whole) {
                peers.keep(line);
            } else {
                line.close();
            }
        }
    }
}
