package io.tarn.testing.understore;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.understore.CreateOptions;
import io.tarn.understore.StoreAttributes;
import io.tarn.understore.StorePaths;
import io.tarn.understore.StoreStatus;
import io.tarn.understore.Utf8Order;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The files and directories of a {@link MemoryUnderStore} by path. Every method is atomic. */
final class MemoryTree {
    private static final byte[] NOTHING = {};

    private final String uri;
    private final LongSupplier clockMillis;
    private final TreeMap<String, Entry> entries = new TreeMap<>(Utf8Order.INSTANCE);
    private long versions;

    /** One file or directory; contents are never changed once they are here. */
    record Entry(StoreStatus status, byte[] content) {}

    MemoryTree(String uri, LongSupplier clockMillis) {
        this.uri = uri;
        this.clockMillis = clockMillis;
        entries.put("", directory(""));
    }

    synchronized Optional<Entry> find(String path) {
        return Optional.ofNullable(entries.get(path));
    }

    synchronized List<String> paths() {
        return List.copyOf(entries.keySet());
    }

    synchronized List<StoreStatus> children(String path, String startAfter) throws TarnException {
        requireDirectory(path);
        List<StoreStatus> found = new ArrayList<>();
        for (Entry entry : below(path, false)) {
            if (Utf8Order.INSTANCE.compare(entry.status().name(), startAfter) > 0) {
                found.add(entry.status());
            }
        }
        found.sort((left, right) -> Utf8Order.INSTANCE.compare(left.name(), right.name()));
        return found;
    }

    synchronized List<StoreStatus> below(String path) throws TarnException {
        requireDirectory(path);
        return below(path, true).stream().map(Entry::status).toList();
    }

    /** The version {@code versionTag} of a file. */
    synchronized Entry version(String path, String versionTag) throws TarnException {
        Entry entry = entries.get(path);
        if (entry == null || !entry.status().versionTag().equals(versionTag)) {
            throw new TarnException(ErrorCode.STORE_CHANGED, uri + "/" + path + " is another version or gone");
        }
        return entry;
    }

    /** Fails where a file cannot be made; makes the directories above it. */
    synchronized void requireFileSpot(String path) throws TarnException {
        Entry there = entries.get(path);
        if (there != null && there.status().directory()) {
            throw new TarnException(ErrorCode.IS_A_DIRECTORY, uri + "/" + path + " is a directory");
        }
        makeDirectories(StorePaths.parent(path));
    }

    synchronized StoreStatus put(String path, byte[] content, CreateOptions options) throws TarnException {
        requireFileSpot(path);
        Entry there = entries.get(path);
        if (options.onlyIfAbsent() && there != null) {
            throw new TarnException(ErrorCode.ALREADY_EXISTS, uri + "/" + path + " exists already");
        }
        String version = options.onlyIfVersion();
        if (version != null) {
            version(path, version);
        }
        StoreStatus status = attributed(
                StoreStatus.file(path, content.length, clockMillis.getAsLong(), "v" + ++versions),
                options.attributes());
        entries.put(path, new Entry(status, content));
        return status;
    }

    synchronized void makeDirectories(String path) throws TarnException {
        Entry there = entries.get(path);
        if (there == null) {
            makeDirectories(StorePaths.parent(path));
            entries.put(path, directory(path));
        } else if (!there.status().directory()) {
            throw new TarnException(
                    ErrorCode.ALREADY_EXISTS, uri + "/" + path + " is a file where a directory is needed");
        }
    }

    synchronized boolean deleteFile(String path, String versionTag) throws TarnException {
        Entry there = entries.get(path);
        if (there == null) {
            return false;
        }
        if (there.status().directory()) {
            throw new TarnException(ErrorCode.IS_A_DIRECTORY, uri + "/" + path + " is a directory");
        }
        if (!versionTag.isEmpty()) {
            version(path, versionTag);
        }
        entries.remove(path);
        return true;
    }

    synchronized boolean deleteDirectory(String path, boolean recursive) throws TarnException {
        if (path.isEmpty()) {
            throw new TarnException(ErrorCode.INVALID_ARGUMENT, uri + " is the mount's root and stays");
        }
        if (!entries.containsKey(path)) {
            return false;
        }
        requireDirectory(path);
        List<Entry> below = below(path, true);
        if (!below.isEmpty() && !recursive) {
            throw new TarnException(ErrorCode.DIRECTORY_NOT_EMPTY, uri + "/" + path + " is not empty");
        }
        below.forEach(entry -> entries.remove(entry.status().path()));
        entries.remove(path);
        return true;
    }

    synchronized void rename(String source, String target) throws TarnException {
        Entry moved = entries.get(source);
        if (moved == null || source.isEmpty()) {
            throw new TarnException(ErrorCode.STORE_NOT_FOUND, uri + "/" + source + " does not exist");
        }
        if (target.equals(source)) {
            return;
        }
        if (target.startsWith(source + "/")) {
            throw new TarnException(ErrorCode.INVALID_ARGUMENT, uri + "/" + source + " cannot be moved below itself");
        }
        requireReplaceable(moved, target);
        makeDirectories(StorePaths.parent(target));
        List<Entry> all = new ArrayList<>(below(source, true));
        all.add(moved);
        for (Entry entry : all) {
            String path = entry.status().path();
            entries.remove(path);
            String renamed = target + path.substring(source.length());
            entries.put(renamed, new Entry(at(entry.status(), renamed), entry.content()));
        }
    }

    private void requireReplaceable(Entry moved, String target) throws TarnException {
        Entry there = entries.get(target);
        if (there == null) {
            return;
        }
        boolean directory = there.status().directory();
        if (directory != moved.status().directory()) {
            throw new TarnException(
                    directory ? ErrorCode.IS_A_DIRECTORY : ErrorCode.NOT_A_DIRECTORY,
                    uri + "/" + target + " is a " + (directory ? "directory" : "file"));
        }
        if (directory && !below(target, true).isEmpty()) {
            throw new TarnException(ErrorCode.DIRECTORY_NOT_EMPTY, uri + "/" + target + " is not empty");
        }
    }

    synchronized void setAttributes(String path, StoreAttributes attributes) throws TarnException {
        Entry there = entries.get(path);
        if (there == null) {
            throw new TarnException(ErrorCode.STORE_NOT_FOUND, uri + "/" + path + " does not exist");
        }
        entries.put(path, new Entry(attributed(there.status(), attributes), there.content()));
    }

    private List<Entry> below(String path, boolean anyDepth) {
        List<Entry> found = new ArrayList<>();
        String prefix = path.isEmpty() ? "" : path + "/";
        for (var entry : entries.tailMap(prefix, false).entrySet()) {
            if (!entry.getKey().startsWith(prefix)) {
                break;
            }
            if (anyDepth || entry.getKey().indexOf('/', prefix.length()) < 0) {
                found.add(entry.getValue());
            }
        }
        return found;
    }

    private void requireDirectory(String path) throws TarnException {
        Entry there = entries.get(path);
        if (there == null) {
            throw new TarnException(ErrorCode.STORE_NOT_FOUND, uri + "/" + path + " does not exist");
        }
        if (!there.status().directory()) {
            throw new TarnException(ErrorCode.NOT_A_DIRECTORY, uri + "/" + path + " is a file");
        }
    }

    private Entry directory(String path) {
        StoreStatus status = new StoreStatus(path, true, 0, clockMillis.getAsLong(), "", "tarn", "tarn", 0755);
        return new Entry(status, NOTHING);
    }

    private static StoreStatus at(StoreStatus status, String path) {
        return new StoreStatus(
                path,
                status.directory(),
                status.lengthBytes(),
                status.modifiedMillis(),
                status.versionTag(),
                status.owner(),
                status.group(),
                status.mode());
    }

    private static StoreStatus attributed(StoreStatus status, StoreAttributes attributes) {
        Integer mode = attributes.mode();
        Long modifiedMillis = attributes.modifiedMillis();
        return new StoreStatus(
                status.path(),
                status.directory(),
                status.lengthBytes(),
                modifiedMillis == null ? status.modifiedMillis() : modifiedMillis,
                status.versionTag(),
                first(attributes.owner(), status.owner()),
                first(attributes.group(), status.group()),
                mode != null ? mode : status.mode() < 0 ? 0644 : status.mode());
    }

    private static String first(@Nullable String wanted, @Nullable String present) {
        return wanted != null ? wanted : present != null ? present : "tarn";
    }
}
