package io.tarn.testing.understore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.understore.CreateOptions;
import io.tarn.understore.StoreFigures;
import io.tarn.understore.StoreStatus;
import io.tarn.understore.StoreWriter;
import io.tarn.understore.UnderStore;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.function.Executable;

/** Short forms of what tests do with an under store. As thread-safe as the store. */
public record StoreProbe(UnderStore store) {
    /** Writes a whole file. */
    public StoreStatus put(String path, byte[] content) throws TarnException {
        return put(path, content, CreateOptions.REPLACE);
    }

    public StoreStatus put(String path, String content) throws TarnException {
        return put(path, content.getBytes(StandardCharsets.UTF_8));
    }

    public StoreStatus put(String path, byte[] content, CreateOptions options) throws TarnException {
        try (StoreWriter writer = store.create(path, options)) {
            writer.write(ByteBuffer.wrap(content));
            return writer.commit();
        }
    }

    /** The status of what must be there. */
    public StoreStatus status(String path) throws TarnException {
        return store.status(path).orElseThrow(() -> new AssertionError("nothing is at " + path));
    }

    /** The current content of a file. */
    public byte[] get(String path) throws TarnException {
        StoreStatus status = status(path);
        return get(status, 0, status.lengthBytes());
    }

    public byte[] get(StoreStatus status, long offset, long lengthBytes) throws TarnException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        store.read(status.path(), status.versionTag(), offset, lengthBytes, piece -> {
            byte[] copy = new byte[piece.remaining()];
            piece.get(copy);
            bytes.writeBytes(copy);
        });
        return bytes.toByteArray();
    }

    public String text(String path) throws TarnException {
        return new String(get(path), StandardCharsets.UTF_8);
    }

    /** Names in a directory in the order given, directories with a "/" at the end. */
    public List<String> names(String path) throws TarnException {
        return names(path, "");
    }

    public List<String> names(String path, String startAfter) throws TarnException {
        List<String> names = new ArrayList<>();
        store.list(path, startAfter)
                .forEachRemaining(status -> names.add(status.name() + (status.directory() ? "/" : "")));
        return names;
    }

    /** Paths of all files below a directory, sorted. */
    public List<String> files(String path) throws TarnException {
        List<String> paths = new ArrayList<>();
        Iterator<StoreStatus> all = store.listRecursive(path);
        all.forEachRemaining(status -> {
            if (!status.directory()) {
                paths.add(status.path());
            }
        });
        paths.sort(null);
        return paths;
    }

    /** Requests and bytes of one kind so far. */
    public StoreFigures figures(String kind) {
        return store.figures().getOrDefault(kind, new StoreFigures(0, 0));
    }

    /** Bytes that are the same in each run. */
    public static byte[] bytes(int length, long seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    /** Checks that {@code action} fails with one of {@code codes} and a message that names the store. */
    public TarnException fails(Executable action, ErrorCode... codes) {
        TarnException failure = assertThrows(TarnException.class, action);
        assertEquals(
                true,
                List.of(codes).contains(failure.code()),
                () -> "expected " + List.of(codes) + " and not " + failure.code() + ": " + failure.getMessage());
        return failure;
    }
}
