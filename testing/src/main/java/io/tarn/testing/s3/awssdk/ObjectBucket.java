package io.tarn.testing.s3.awssdk;

import io.tarn.understore.Utf8Order;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The objects of one bucket: an index by key in memory, a log of its changes, and a file for the bytes of each. Reads never wait; changes take turns.
 * Thread-safe.
 */
final class ObjectBucket implements AutoCloseable {
    private final String name;
    private final Path directory;
    private final ConcurrentSkipListMap<String, StoredObject> objects = new ConcurrentSkipListMap<>(Utf8Order.INSTANCE);
    private final AtomicLong lastFile = new AtomicLong(System.currentTimeMillis() << 16);
    private final BucketLog log;

    private ObjectBucket(String name, Path directory) throws IOException {
        this.name = name;
        this.directory = directory;
        log = BucketLog.open(
                directory.resolve("objects.log"), object -> objects.put(object.key(), object), objects::remove);
    }

    static ObjectBucket open(String name, Path directory) throws IOException {
        Files.createDirectories(directory);
        return new ObjectBucket(name, directory);
    }

    String name() {
        return name;
    }

    /** A file of this bucket's directory that nobody has used yet. */
    Path newFile() {
        return directory.resolve(Long.toHexString(lastFile.incrementAndGet()));
    }

    Path file(StoredObject object) {
        return directory.resolve(object.fileName());
    }

    @Nullable
    StoredObject get(String key) {
        return objects.get(key);
    }

    ConcurrentSkipListMap<String, StoredObject> index() {
        return objects;
    }

    /** Makes {@code object} the one under its key if {@code condition} holds; else its file is deleted and the error thrown. */
    synchronized void put(StoredObject object, Condition condition) throws IOException {
        StoredObject replaced = objects.get(object.key());
        try {
            condition.check(name, object.key(), replaced);
        } catch (RuntimeException refused) {
            Files.deleteIfExists(file(object));
            throw refused;
        }
        log.put(object);
        objects.put(object.key(), object);
        if (replaced != null) {
            Files.deleteIfExists(file(replaced));
        }
    }

    synchronized void delete(String key) throws IOException {
        StoredObject deleted = objects.remove(key);
        if (deleted != null) {
            log.delete(key);
            Files.deleteIfExists(file(deleted));
        }
    }

    /** Removes the bucket's directory with all that is in it, to be called when it is empty of objects. */
    synchronized void remove() throws IOException {
        log.close();
        try (var files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.deleteIfExists(file);
            }
        }
        Files.delete(directory);
    }

    @Override
    public synchronized void close() throws IOException {
        log.close();
    }
}
