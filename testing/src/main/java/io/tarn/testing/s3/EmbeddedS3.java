package io.tarn.testing.s3;

import io.tarn.testing.s3.awssdk.DirectoryBlobStore;
import java.io.IOException;
import java.lang.reflect.Field;
import java.net.URI;
import java.nio.file.Files;
import java.util.concurrent.Executors;
import org.gaul.s3proxy.AccessGrant;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.shaded.org.eclipse.jetty.server.Handler;
import org.gaul.shaded.org.eclipse.jetty.server.Server;
import org.gaul.shaded.org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;

/**
 * An S3 server in this process: real sockets, signatures checked, objects in a directory. It counts requests and bytes where they cross the socket,
 * and delays and bounds them there. Path-style access; region is any. Thread-safe.
 */
public final class EmbeddedS3 implements AutoCloseable {
    private static final int MAXIMUM_THREADS = 256;
    /** The largest body whose hash is in its signature: it is held in memory until the hash was compared. */
    private static final long MAXIMUM_SIGNED_BODY_BYTES = 256L << 20;

    /** Connections are cut at once: a graceful stop would wait for idle ones too. */
    private static final long STOP_TIMEOUT_MILLIS = 0;

    private final S3Settings settings;
    private final S3Counters counters;
    private final TrafficShaper shaper;
    private final BlobStore objects;
    private final S3Proxy proxy;
    private final SessionKeys sessions = new SessionKeys();

    private EmbeddedS3(S3Settings settings, BlobStore objects) {
        this.settings = settings;
        this.objects = objects;
        counters = new S3Counters(settings.recordRanges());
        shaper = new TrafficShaper(settings.delayMillis(), settings.bandwidthBytesPerSecond());
        proxy = S3Proxy.builder()
                .blobStore(objects)
                .endpoint(URI.create("http://127.0.0.1:" + settings.port()))
                .awsAuthentication(AuthenticationType.AWS_V4, settings.accessKey(), settings.secretKey())
                .ignoreUnknownHeaders(true)
                .v4MaxNonChunkedRequestSize(MAXIMUM_SIGNED_BODY_BYTES)
                .jettyMaxThreads(MAXIMUM_THREADS)
                .stopTimeout(STOP_TIMEOUT_MILLIS)
                .build();
        proxy.setBlobStoreLocator((accessKey, bucket, key) -> grant(accessKey));
    }

    /** What signatures of {@code accessKey} are checked with; null for one that is not let in. */
    private @Nullable AccessGrant grant(@Nullable String accessKey) {
        if (accessKey == null) {
            return null;
        }
        String secretKey =
                accessKey.equals(settings.accessKey()) ? settings.secretKey() : sessions.secretKey(accessKey);
        return secretKey == null ? null : new AccessGrant(secretKey, objects);
    }

    /**
     * Starts a server; it serves when this returns.
     *
     * @throws IOException if the directory cannot be made or the port is taken
     */
    public static EmbeddedS3 start(S3Settings settings) throws IOException {
        Files.createDirectories(settings.directory());
        EmbeddedS3 s3 = new EmbeddedS3(settings, DirectoryBlobStore.open(settings.directory()));
        try {
            s3.interpose();
            s3.proxy.start();
            return s3;
        } catch (Exception failure) {
            s3.close();
            throw new IOException("S3 server on port " + settings.port() + " did not start", failure);
        }
    }

    /** The proxy keeps its HTTP server to itself, and offers no place for a handler in front of its own. */
    private void interpose() throws ReflectiveOperationException {
        Field field = S3Proxy.class.getDeclaredField("server");
        field.setAccessible(true);
        Server server = (Server) field.get(proxy);
        Handler s3 = new SessionTokenHandler(server.getHandler(), sessions);
        server.setHandler(new EncodedSlashHandler(new CountingHandler(s3, counters, shaper)));
        if (server.getThreadPool() instanceof QueuedThreadPool pool) {
            pool.setVirtualThreadsExecutor(Executors.newVirtualThreadPerTaskExecutor());
        }
    }

    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + proxy.getPort());
    }

    public String accessKey() {
        return settings.accessKey();
    }

    public String secretKey() {
        return settings.secretKey();
    }

    /** Key pairs of sessions that are let in beside the server's own. */
    public SessionKeys sessions() {
        return sessions;
    }

    /** Multipart uploads that were neither completed nor aborted. */
    public int openUploads(String bucket) {
        return objects.listMultipartUploads(bucket).size();
    }

    public S3Counters counters() {
        return counters;
    }

    /** Changes delay and bandwidth from now on; 0 is none. */
    public void shape(long delayMillis, long bandwidthBytesPerSecond) {
        shaper.shape(delayMillis, bandwidthBytesPerSecond);
    }

    /** Makes a bucket, not counted as a request; nothing happens if it is there. */
    public void createBucket(String name) {
        if (!objects.containerExists(name)) {
            objects.createContainer(name);
        }
    }

    /** Stops serving; connections are cut, objects stay in the directory. */
    @Override
    public void close() {
        try {
            proxy.stop();
        } catch (Exception failure) {
            throw new IllegalStateException("S3 server did not stop", failure);
        }
        objects.close();
    }
}
