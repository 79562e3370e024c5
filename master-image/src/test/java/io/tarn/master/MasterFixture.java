package io.tarn.master;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.GrpcErrors;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.ticket.TicketSigner;
import io.tarn.protocol.v1.*;
import io.tarn.understore.UnderStore;
import io.tarn.understore.UnderStores;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.function.Executable;

/** A real master on a real port, its client, and a worker that says it holds what it is told to write. */
public final class MasterFixture implements AutoCloseable {
    public static final long WORKER_ID = 77;

    private final Path directory;
    private final UnderStores stores;
    private final AtomicLong callNumbers = new AtomicLong();
    private Master master;
    private ManagedChannel channel;
    private TicketSigner signer;
    private String user = System.getProperty("user.name");

    public MasterFixture(Path directory, UnderStores stores) throws TarnException {
        this.directory = directory;
        this.stores = stores;
        start();
    }

    private void start() throws TarnException {
        master = Master.start(
                MasterConfig.of(directory, 0),
                stores,
                new SimpleMeterRegistry(),
                InstantSource.system(),
                (what, cause) -> System.err.println("fault: " + what + ": " + cause));
        channel = NettyChannelBuilder.forAddress("127.0.0.1", master.port())
                .usePlaintext()
                .build();
        RegisterResponse registered = WorkerServiceGrpc.newBlockingStub(channel)
                .register(RegisterRequest.newBuilder()
                        .setAddress(WorkerAddress.newBuilder()
                                .setWorkerId(WORKER_ID)
                                .setHost("localhost")
                                .setDataPort(1))
                        .build());
        signer = new TicketSigner(registered.getTicketKey().toByteArray(), InstantSource.system());
    }

    /** Stops and starts again on the same directory. */
    public void restart() throws TarnException {
        close();
        start();
    }

    public Master master() {
        return master;
    }

    public ManagedChannel channel() {
        return channel;
    }

    /** Further calls are this user's. */
    public MasterFixture as(String newUser) {
        user = newUser;
        return this;
    }

    public Caller caller() {
        return caller(1, callNumbers.incrementAndGet());
    }

    public Caller caller(long clientId, long callNumber) {
        return Caller.newBuilder()
                .setClientId(clientId)
                .setCallNumber(callNumber)
                .setUser(user)
                .build();
    }

    public FileSystemServiceGrpc.FileSystemServiceBlockingStub files() {
        return FileSystemServiceGrpc.newBlockingStub(channel);
    }

    public AdminServiceGrpc.AdminServiceBlockingStub admin() {
        return AdminServiceGrpc.newBlockingStub(channel);
    }

    public WorkerServiceGrpc.WorkerServiceBlockingStub worker() {
        return WorkerServiceGrpc.newBlockingStub(channel);
    }

    public FileStatus status(String path) {
        return files().getStatus(GetStatusRequest.newBuilder()
                        .setCaller(caller())
                        .setPath(path)
                        .build())
                .getStatus();
    }

    public List<String> list(String path) {
        return list(path, false);
    }

    public List<String> list(String path, boolean recursive) {
        List<String> paths = new ArrayList<>();
        files().list(ListRequest.newBuilder()
                        .setCaller(caller())
                        .setPath(path)
                        .setRecursive(recursive)
                        .build())
                .forEachRemaining(page -> page.getEntriesList().forEach(entry -> paths.add(entry.getPath())));
        return paths;
    }

    public FileStatus mkdir(String path) {
        return files().makeDirectory(MakeDirectoryRequest.newBuilder()
                        .setCaller(caller())
                        .setPath(path)
                        .setCreateParents(true)
                        .setMode(0755)
                        .build())
                .getStatus();
    }

    public void delete(String path, boolean recursive) {
        files().delete(DeleteRequest.newBuilder()
                .setCaller(caller())
                .setPath(path)
                .setRecursive(recursive)
                .build());
    }

    public void rename(String source, String target) {
        files().rename(RenameRequest.newBuilder()
                .setCaller(caller())
                .setSource(source)
                .setTarget(target)
                .build());
    }

    public CreateResponse create(String path, boolean overwrite) {
        return files().create(CreateRequest.newBuilder()
                .setCaller(caller())
                .setPath(path)
                .setOverwrite(overwrite)
                .setMode(0644)
                .build());
    }

    /** Writes a file of so many bytes, as worker and client together. */
    public FileStatus write(String path, int lengthBytes) throws IOException {
        CreateResponse created = create(path, true);
        return complete(created, lengthBytes);
    }

    public FileStatus complete(CreateResponse created, int lengthBytes) throws IOException {
        Ticket ticket = signer.check(created.getTicket());
        Receipt.Builder receipt = Receipt.newBuilder()
                .setFileId(ticket.getFileId())
                .setVersion(ticket.getVersion())
                .setLengthBytes(lengthBytes)
                .addWorkerIds(WORKER_ID)
                .setExpiresMillis(Long.MAX_VALUE);
        if (ticket.hasBacking()) {
            receipt.setBacking(store(ticket.getBacking(), lengthBytes, receipt));
        }
        return files().complete(CompleteRequest.newBuilder()
                        .setCaller(caller())
                        .setFileId(ticket.getFileId())
                        .setReceipt(signer.sign(receipt.build()))
                        .build())
                .getStatus();
    }

    private Backing store(Backing backing, int lengthBytes, Receipt.Builder receipt) throws IOException {
        Mount mount = worker()
                .register(RegisterRequest.newBuilder()
                        .setAddress(WorkerAddress.newBuilder()
                                .setWorkerId(WORKER_ID)
                                .setHost("localhost")
                                .setDataPort(1))
                        .build())
                .getMountsList()
                .stream()
                .filter(each -> each.getId() == backing.getMountId())
                .findFirst()
                .orElseThrow();
        try (UnderStore store = stores.open(mount.getStoreUri(), mount.getOptions())) {
            try (var writer = store.create(backing.getPath(), io.tarn.understore.CreateOptions.REPLACE)) {
                writer.write(ByteBuffer.allocate(lengthBytes));
                var status = writer.commit();
                receipt.setModifiedMillis(status.modifiedMillis());
                return backing.toBuilder().setVersionTag(status.versionTag()).build();
            }
        }
    }

    public Mount mount(String path, String uri) {
        return mount(
                path,
                uri,
                MountOptions.newBuilder()
                        .setSyncIntervalMillis(60_000)
                        .setWriteType(WriteType.CACHE_THROUGH)
                        .build());
    }

    public Mount mount(String path, String uri, MountOptions options) {
        return admin().mount(MountRequest.newBuilder()
                        .setCaller(caller())
                        .setPath(path)
                        .setStoreUri(uri)
                        .setOptions(options)
                        .build())
                .getMount();
    }

    /** The code that a call fails with. */
    public static ErrorCode codeOf(Executable call) {
        StatusRuntimeException failure = Assertions.assertThrows(StatusRuntimeException.class, call);
        return GrpcErrors.decode(failure).code();
    }

    @Override
    public void close() {
        channel.shutdownNow();
        master.close();
    }
}
