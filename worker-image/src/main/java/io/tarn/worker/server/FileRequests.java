package io.tarn.worker.server;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.unix.DomainSocketChannel;
import io.netty.channel.unix.FileDescriptor;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.frame.Frame;
import io.tarn.protocol.frame.FrameHeader;
import io.tarn.protocol.frame.FrameType;
import io.tarn.protocol.id.FileVersion;
import io.tarn.protocol.v1.ExportedFile;
import io.tarn.protocol.v1.FreeVersions;
import io.tarn.protocol.v1.FreedVersions;
import io.tarn.protocol.v1.LoadRange;
import io.tarn.protocol.v1.OpenRead;
import io.tarn.protocol.v1.PinVersions;
import io.tarn.protocol.v1.PinnedPages;
import io.tarn.protocol.v1.Residency;
import io.tarn.protocol.v1.SignedTicket;
import io.tarn.protocol.v1.Ticket;
import io.tarn.worker.cluster.ClusterView;
import io.tarn.worker.metrics.MountMeters;
import io.tarn.worker.metrics.WorkerMetrics;
import io.tarn.worker.os.NativeException;
import io.tarn.worker.os.NativeFile;
import io.tarn.worker.page.CachedFile;
import io.tarn.worker.page.CachedFile.ExportedSegment;
import io.tarn.worker.page.PageStore;
import io.tarn.worker.pin.Pins;
import java.util.ArrayList;
import java.util.List;

/** The requests about whole files of one connection. Used on its event loop; what may wait is done elsewhere. */
final class FileRequests {
    private final ChannelHandlerContext context;
    private final ServerContext server;
    private final Handles handles;
    private final OffLoop offLoop;

    FileRequests(ChannelHandlerContext context, ServerContext server, Handles handles, OffLoop offLoop) {
        this.context = context;
        this.server = server;
        this.handles = handles;
        this.offLoop = offLoop;
    }

    void openRead(FrameHeader header, ByteBuf payload) throws TarnException {
        OpenRead request = parse(OpenRead.parser(), payload);
        Ticket ticket = readTicket(request.getTicket());
        handles.reserve();
        offLoop.run(
                header.requestId(),
                () -> {
                    server.pins().opened(ticket);
                    return new ReadHandle(ticket, request, server, meters(ticket));
                },
                handle -> {
                    long id = handles.add(handle);
                    FrameHeader opened = FrameHeader.of(FrameType.OPENED, header.requestId())
                            .withEpoch(server.cluster().epoch())
                            .at(id, 0);
                    context.write(Frame.of(opened));
                },
                handles::giveUp);
    }

    /** While no master can give another, an old ticket does for what is here. */
    private Ticket readTicket(SignedTicket signed) throws TarnException {
        ClusterView cluster = server.cluster();
        long graceMillis =
                cluster.hasMaster() ? 0 : server.settings().ticketExtension().toMillis();
        Ticket ticket = server.persisted().follow(cluster.signer().check(signed, graceMillis));
        if (graceMillis > 0 && !isHere(FileVersion.of(ticket.getVersion()))) {
            cluster.signer().check(signed);
        }
        return ticket;
    }

    private boolean isHere(FileVersion version) {
        try (CachedFile file = server.pages().find(version)) {
            return file != null;
        }
    }

    private MountMeters meters(Ticket ticket) {
        String mount = ticket.hasBacking()
                ? server.stores().mountPath(ticket.getBacking().getMountId())
                : WorkerMetrics.NO_MOUNT;
        return server.metrics().mount(mount);
    }

    void residency(FrameHeader header) throws TarnException {
        FileVersion version = handles.reading(header.handle()).follow();
        offLoop.run(
                header.requestId(),
                () -> residency(version),
                found -> answer(FrameType.RESIDENT, header, found),
                () -> {});
    }

    private Residency residency(FileVersion version) {
        try (CachedFile file = server.pages().find(version)) {
            if (file == null) {
                return Residency.getDefaultInstance();
            }
            return Residency.newBuilder()
                    .putAllCachedBytesByTier(file.residency())
                    .setFullyCached(file.fullyCached())
                    .build();
        }
    }

    void free(FrameHeader header, ByteBuf payload) throws TarnException {
        FreeVersions request = parse(FreeVersions.parser(), payload);
        List<FileVersion> versions = new ArrayList<>();
        for (SignedTicket signed : request.getTicketsList()) {
            Ticket ticket = server.persisted().follow(server.cluster().signer().check(signed));
            if (!ticket.hasBacking()) {
                throw new TarnException(
                        ErrorCode.INVALID_ARGUMENT,
                        ticket.getPath() + " is in no under store: freeing it would lose it; delete it instead");
            }
            versions.add(FileVersion.of(ticket.getVersion()));
        }
        offLoop.run(
                header.requestId(), () -> free(versions), freed -> answer(FrameType.FREED, header, freed), () -> {});
    }

    private FreedVersions free(List<FileVersion> versions) throws TarnException {
        long freedBytes = 0;
        for (FileVersion version : versions) {
            try (CachedFile file = server.pages().find(version)) {
                if (file != null) {
                    freedBytes += file.residency().values().stream()
                            .mapToLong(Long::longValue)
                            .sum();
                    server.pages().delete(version);
                }
            }
        }
        return FreedVersions.newBuilder().setFreedBytes(freedBytes).build();
    }

    void pin(FrameHeader header, ByteBuf payload) throws TarnException {
        PinVersions request = parse(PinVersions.parser(), payload);
        List<Ticket> tickets = new ArrayList<>();
        for (SignedTicket signed : request.getTicketsList()) {
            tickets.add(server.persisted().follow(server.cluster().signer().check(signed)));
        }
        offLoop.run(
                header.requestId(), () -> pin(tickets), pinned -> answer(FrameType.PINNED, header, pinned), () -> {});
    }

    private PinnedPages pin(List<Ticket> tickets) {
        PinnedPages.Builder pinned = PinnedPages.newBuilder();
        for (Ticket ticket : tickets) {
            Pins.Outcome outcome = server.pins().told(ticket);
            pinned.setPinnedBytes(pinned.getPinnedBytes() + outcome.pinnedBytes());
            pinned.setRefusedFiles(pinned.getRefusedFiles() + (outcome.refused() ? 1 : 0));
        }
        return pinned.build();
    }

    void load(FrameHeader header, ByteBuf payload) throws TarnException {
        LoadRange range = parse(LoadRange.parser(), payload);
        ReadHandle handle = handles.reading(header.handle());
        Load load = new Load(server, handle, header, range, context);
        offLoop.run(header.requestId(), load::run, last -> context.write(last), () -> {});
    }

    void check(FrameHeader header) throws TarnException {
        ReadHandle handle = handles.reading(header.handle());
        FileCheck check = new FileCheck(server, handle, header);
        offLoop.run(header.requestId(), check::run, checked -> answer(FrameType.CHECKED, header, checked), () -> {});
    }

    void export(FrameHeader header) throws TarnException {
        ReadHandle handle = handles.reading(header.handle());
        FileVersion version = handle.follow();
        if (!(context.channel() instanceof DomainSocketChannel)) {
            throw new TarnException(
                    ErrorCode.UNSUPPORTED, "descriptors pass through the worker's Unix socket only; read instead");
        }
        offLoop.run(
                header.requestId(),
                () -> Exported.of(server.pages(), version),
                exported -> {
                    if (handle.closed()) {
                        exported.segments().forEach(ExportedSegment::close);
                        return;
                    }
                    handle.export(exported.segments());
                    ExportedFile answer = ExportedFile.newBuilder()
                            .setSegmentLengthBytes(exported.segmentBytes())
                            .setSegments(exported.segments().size())
                            .build();
                    answer(FrameType.EXPORTED, header, answer);
                },
                () -> {});
    }

    /** The segments of an exported file. */
    private record Exported(List<ExportedSegment> segments, long segmentBytes) {
        static Exported of(PageStore pages, FileVersion version) throws TarnException {
            try (CachedFile file = pages.find(version)) {
                if (file == null) {
                    throw new TarnException(ErrorCode.NOT_FOUND, "nothing of the file is cached here; read it first");
                }
                return new Exported(file.export(), file.segmentBytes());
            }
        }
    }

    void take(FrameHeader header) throws TarnException {
        List<ExportedSegment> segments = handles.reading(header.handle()).exported();
        int number = header.argument();
        if (number < 0 || number >= segments.size()) {
            throw new TarnException(ErrorCode.MALFORMED, "segment " + number + " of " + segments.size() + " exported");
        }
        FileDescriptor descriptor = open(segments.get(number));
        context.writeAndFlush(descriptor).addListener(sent -> {
            descriptor.close();
            if (!sent.isSuccess()) {
                context.close();
            }
        });
    }

    /** For reading only. (Netty's own way of opening a file truncates it.) */
    private static FileDescriptor open(ExportedSegment segment) throws TarnException {
        try {
            return new FileDescriptor(NativeFile.openForReading(segment.path()).detach());
        } catch (NativeException e) {
            throw new TarnException(ErrorCode.MALFORMED, "the exported segment is gone: " + e.getMessage(), e);
        }
    }

    private void answer(FrameType type, FrameHeader header, MessageLite message) {
        context.write(Frame.of(FrameHeader.of(type, header.requestId()), message.toByteArray()));
    }

    private static <T> T parse(Parser<T> parser, ByteBuf payload) throws TarnException {
        try {
            return parser.parseFrom(payload.nioBuffer());
        } catch (InvalidProtocolBufferException e) {
            throw new TarnException(ErrorCode.MALFORMED, "a payload that cannot be parsed", e);
        }
    }
}
