package io.tarn.understore.local;

import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.v1.MountOptions;
import io.tarn.understore.StoreProperties;
import io.tarn.understore.UnderStore;
import io.tarn.understore.UnderStoreFactory;
import io.tarn.understore.UploadLog;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Set;

/** Opens {@code file:///directory} and bare absolute paths. */
public final class LocalStoreFactory implements UnderStoreFactory {
    private static final String FSYNC = "fsync";

    @Override
    public Set<String> schemes() {
        return Set.of("file", "");
    }

    @Override
    public UnderStore open(String storeUri, MountOptions options) throws TarnException {
        return open(storeUri, options, UploadLog.none());
    }

    @Override
    public UnderStore open(String storeUri, MountOptions options, UploadLog uploads) throws TarnException {
        StoreProperties properties = new StoreProperties(storeUri, options, Set.of(FSYNC), "");
        String directory = directory(storeUri, properties);
        checkEncoding(properties);
        try {
            return new LocalStore(Path.of(directory).normalize(), properties.flag(FSYNC, true), uploads);
        } catch (InvalidPathException e) {
            throw properties.invalid("not a path of this machine: " + e.getMessage());
        }
    }

    private static String directory(String storeUri, StoreProperties properties) throws TarnException {
        if (storeUri.startsWith("/")) {
            return storeUri;
        }
        try {
            URI uri = new URI(storeUri);
            String path = uri.getPath();
            boolean here = uri.getAuthority() == null || uri.getAuthority().equals("localhost");
            if (here && path != null && path.startsWith("/") && uri.getQuery() == null && uri.getFragment() == null) {
                return path;
            }
        } catch (URISyntaxException e) {
            // A path with a space or a "%" is common in a URI typed by hand: what follows file:// is then the path
            // itself.
            if (storeUri.startsWith("file:///")) {
                return storeUri.substring("file://".length());
            }
        }
        throw properties.invalid("a local store is written file:///absolute/directory");
    }

    private static void checkEncoding(StoreProperties properties) throws TarnException {
        String encoding = System.getProperty("sun.jnu.encoding", "");
        if (!encoding.equalsIgnoreCase(StandardCharsets.UTF_8.name())) {
            throw properties.invalid("this Java process names files in " + encoding
                    + ", which loses characters: start it with LC_ALL=C.UTF-8 in its environment");
        }
    }
}
