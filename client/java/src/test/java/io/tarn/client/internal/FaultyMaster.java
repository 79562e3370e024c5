package io.tarn.client.internal;

import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.v1.AbandonRequest;
import io.tarn.protocol.v1.AbandonResponse;
import io.tarn.protocol.v1.Caller;
import io.tarn.protocol.v1.CompleteRequest;
import io.tarn.protocol.v1.CompleteResponse;
import io.tarn.protocol.v1.CreateRequest;
import io.tarn.protocol.v1.CreateResponse;
import io.tarn.protocol.v1.ErrorDetail;
import io.tarn.protocol.v1.FileStatus;
import io.tarn.protocol.v1.FileSystemServiceGrpc;
import io.tarn.protocol.v1.FileType;
import io.tarn.protocol.v1.FileVersionId;
import io.tarn.protocol.v1.GetStatusRequest;
import io.tarn.protocol.v1.GetStatusResponse;
import io.tarn.protocol.v1.ListRequest;
import io.tarn.protocol.v1.ListResponse;
import io.tarn.protocol.v1.MakeDirectoryRequest;
import io.tarn.protocol.v1.MakeDirectoryResponse;
import io.tarn.protocol.v1.OpenRequest;
import io.tarn.protocol.v1.OpenResponse;
import io.tarn.protocol.v1.PersistRequest;
import io.tarn.protocol.v1.PersistResponse;
import io.tarn.protocol.v1.RenewLeasesRequest;
import io.tarn.protocol.v1.RenewLeasesResponse;
import io.tarn.protocol.v1.SignedTicket;
import io.tarn.protocol.v1.Ticket;
import io.tarn.protocol.v1.WorkerAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A master of one directory with numbered files, which fails as many calls as it is told to. */
final class FaultyMaster extends FileSystemServiceGrpc.FileSystemServiceImplBase implements AutoCloseable {
    static final int LISTED = 50;

    final List<Caller> callers = new CopyOnWriteArrayList<>();
    /** The next calls fail with these, in order. */
    final Queue<ErrorCode> failures = new ConcurrentLinkedQueue<>();

    final List<WorkerAddress> workers = new CopyOnWriteArrayList<>();
    final AtomicInteger opens = new AtomicInteger();
    final AtomicInteger abandoned = new AtomicInteger();
    final AtomicInteger renewed = new AtomicInteger();
    final List<String> completed = new CopyOnWriteArrayList<>();
    volatile long version = 1;
    volatile long fileLength;
    volatile boolean loseLeases;
    /** For so long opens need not be asked for again. */
    volatile int validMillis;
    /** What a persist answers has still to be done: one less with each call. */
    final AtomicInteger unpersisted = new AtomicInteger();
    /** Completes empty files without a receipt. */
    volatile boolean receiptNeededForBytesOnly;
    /** A listing breaks after so many entries, once. */
    volatile int breakListingAfter = Integer.MAX_VALUE;

    private final Server server;

    FaultyMaster() throws IOException {
        server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(this)
                .build()
                .start();
    }

    String address() {
        return "127.0.0.1:" + server.getPort();
    }

    @Override
    public void open(OpenRequest request, StreamObserver<OpenResponse> answer) {
        opens.incrementAndGet();
        answer(
                request.getCaller(),
                answer,
                OpenResponse.newBuilder()
                        .setStatus(file(request.getPath()))
                        .setTicket(ticket(request.getPath()))
                        .addAllWorkers(workers)
                        .setValidMillis(validMillis)
                        .build());
    }

    @Override
    public void create(CreateRequest request, StreamObserver<CreateResponse> answer) {
        answer(
                request.getCaller(),
                answer,
                CreateResponse.newBuilder()
                        .setStatus(file(request.getPath()))
                        .setTicket(ticket(request.getPath()))
                        .addAllWorkers(workers)
                        .setLeaseMillis(300)
                        .setReceiptNeededForBytesOnly(receiptNeededForBytesOnly)
                        .setBaseTicket(ticket("/base"))
                        .setBaseLengthBytes(baseLength(request))
                        .build());
    }

    private long baseLength(CreateRequest request) {
        if (!request.hasBase()) {
            return 0;
        }
        return request.getBase().getAllBytes() ? fileLength : request.getBase().getLengthBytes();
    }

    @Override
    public void persist(PersistRequest request, StreamObserver<PersistResponse> answer) {
        int left = unpersisted.getAndUpdate(number -> Math.max(0, number - 1));
        answer(
                request.getCaller(),
                answer,
                PersistResponse.newBuilder()
                        .setWaiting(left)
                        .setFailing(left > 0 ? 1 : 0)
                        .setFirstFailure("the store is away")
                        .build());
    }

    @Override
    public void complete(CompleteRequest request, StreamObserver<CompleteResponse> answer) {
        completed.add(Long.toString(request.getFileId()));
        answer(
                request.getCaller(),
                answer,
                CompleteResponse.newBuilder().setStatus(file("/done")).build());
    }

    @Override
    public void abandon(AbandonRequest request, StreamObserver<AbandonResponse> answer) {
        abandoned.incrementAndGet();
        answer(request.getCaller(), answer, AbandonResponse.getDefaultInstance());
    }

    @Override
    public void renewLeases(RenewLeasesRequest request, StreamObserver<RenewLeasesResponse> answer) {
        renewed.incrementAndGet();
        RenewLeasesResponse.Builder response = RenewLeasesResponse.newBuilder();
        if (loseLeases) {
            response.addAllLostFileIds(request.getFileIdsList());
        }
        answer(request.getCaller(), answer, response.build());
    }

    @Override
    public void makeDirectory(MakeDirectoryRequest request, StreamObserver<MakeDirectoryResponse> answer) {
        answer(
                request.getCaller(),
                answer,
                MakeDirectoryResponse.newBuilder()
                        .setStatus(file(request.getPath()).toBuilder().setType(FileType.DIRECTORY))
                        .build());
    }

    @Override
    public void getStatus(GetStatusRequest request, StreamObserver<GetStatusResponse> answer) {
        answer(
                request.getCaller(),
                answer,
                GetStatusResponse.newBuilder()
                        .setStatus(file(request.getPath()))
                        .build());
    }

    @Override
    public void list(ListRequest request, StreamObserver<ListResponse> answer) {
        ListResponse.Builder page = ListResponse.newBuilder();
        for (int index = 0; index < LISTED; index++) {
            String name = "file-%03d".formatted(index);
            if (index == breakListingAfter) {
                breakListingAfter = Integer.MAX_VALUE;
                answer.onNext(page.build());
                answer.onError(failure(ErrorCode.UNAVAILABLE));
                return;
            }
            if (name.compareTo(request.getStartAfter()) > 0) {
                page.addEntries(file("/directory/" + name));
            }
        }
        answer.onNext(page.build());
        answer.onCompleted();
    }

    private FileStatus file(String path) {
        return FileStatus.newBuilder()
                .setPath(path)
                .setId(7)
                .setType(FileType.FILE)
                .setLengthBytes(fileLength)
                .setBlockSizeBytes(64 << 20)
                .setComplete(true)
                .setVersion(FileVersionId.newBuilder().setHigh(7).setLow(version))
                .build();
    }

    private static SignedTicket ticket(String path) {
        return SignedTicket.newBuilder()
                .setTicket(Ticket.newBuilder().setPath(path).build().toByteString())
                .build();
    }

    private <T> void answer(Caller caller, StreamObserver<T> answer, T response) {
        callers.add(caller);
        @Nullable ErrorCode code = failures.poll();
        if (code != null) {
            answer.onError(failure(code));
        } else {
            answer.onNext(response);
            answer.onCompleted();
        }
    }

    private static StatusRuntimeException failure(ErrorCode code) {
        Metadata trailers = new Metadata();
        trailers.put(
                Metadata.Key.of("tarn-error-bin", Metadata.BINARY_BYTE_MARSHALLER),
                ErrorDetail.newBuilder()
                        .setCode(code.number())
                        .setMessage("told to say " + code)
                        .setRetryAfterMillis(code == ErrorCode.BUSY ? 5 : 0)
                        .build()
                        .toByteArray());
        return Status.FAILED_PRECONDITION.asRuntimeException(trailers);
    }

    @Override
    public void close() {
        server.shutdownNow();
    }
}
