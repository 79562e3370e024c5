package io.tarn.hadoop;

import io.tarn.client.ClientOptions;
import io.tarn.client.MountSettings;
import io.tarn.client.TarnClient;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/** One real server for all tests of this module that need one: started by the first, closed after the last. */
final class SharedServer implements BeforeAllCallback {
    static final String LOCAL_MOUNT = "/local";
    static final String BUCKET_MOUNT = "/bucket";

    private static volatile @Nullable RunningServer running;

    @Override
    public void beforeAll(ExtensionContext context) {
        running = context.getRoot()
                .getStore(Namespace.create(SharedServer.class))
                .computeIfAbsent(RunningServer.class, key -> start(), RunningServer.class);
    }

    private static RunningServer start() {
        try {
            RunningServer server = RunningServer.start(Map.of());
            try (TarnClient client = TarnClient.connect(ClientOptions.of(server.address()))) {
                client.mount(LOCAL_MOUNT, server.newDirectory("store").toUri().toString(), MountSettings.DEFAULT);
                server.mountBucket(client, BUCKET_MOUNT, "contract");
            }
            return server;
        } catch (IOException e) {
            throw new IllegalStateException("no server to test against", e);
        }
    }

    static String address() {
        RunningServer present = running;
        if (present == null) {
            throw new IllegalStateException("use @ExtendWith(SharedServer.class)");
        }
        return present.address();
    }

    static TarnClient connect(boolean socket, boolean descriptors) {
        return TarnClient.connect(ClientOptions.of(address()).withLocalAccess(socket, descriptors));
    }

    static TarnContract contract(Configuration configuration, String directory) {
        return new TarnContract(configuration, new org.apache.hadoop.fs.Path(root() + directory));
    }

    /** {@code tarn://host:port}. */
    static URI root() {
        return URI.create("tarn://" + address());
    }
}
