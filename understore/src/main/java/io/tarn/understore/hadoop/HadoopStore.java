package io.tarn.understore.hadoop;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.path.TarnPath;
import io.tarn.understore.Capabilities;
import io.tarn.understore.CreateOptions;
import io.tarn.understore.RequestFigures;
import io.tarn.understore.SortedPages;
import io.tarn.understore.StoreAttributes;
import io.tarn.understore.StoreFigures;
import io.tarn.understore.StorePaths;
import io.tarn.understore.StoreProperties;
import io.tarn.understore.StoreStatus;
import io.tarn.understore.StoreWriter;
import io.tarn.understore.TreeWalk;
import io.tarn.understore.UnderStore;
import io.tarn.understore.UploadLog;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.security.AccessControlException;

/**
 * A directory of a Hadoop file system. Version tags are the store's entity tag where it has one, else "mtimeMillis:length", on HDFS with the file id; a
 * read looks at the tag before and after.
 *
 * <p>Safe for use by many threads.
 */
final class HadoopStore implements UnderStore {
    private static final int PAGE_ENTRIES = 50_000;

    private final HadoopErrors errors;
    private final HadoopFiles files;
    private final HadoopSession session;
    private final UploadLog uploads;
    private final Capabilities capabilities;
    private final RequestFigures figures = new RequestFigures();
    private final AtomicLong skipped = new AtomicLong();
    private final Set<HadoopWriter> openWriters = ConcurrentHashMap.newKeySet();

    private HadoopStore(HadoopErrors errors, HadoopFiles files, HadoopSession session, UploadLog uploads) {
        this.uploads = uploads;
        this.errors = errors;
        this.files = files;
        this.session = session;
        boolean real = errors.scheme().fileSystem();
        this.capabilities = new Capabilities(real, true, real, false, false);
    }

    static HadoopStore open(String storeUri, StoreProperties properties, UploadLog uploads) throws TarnException {
        URI root;
        try {
            URI given = new URI(storeUri.replaceAll("/+$", ""));
            String path = given.getPath() == null || given.getPath().isEmpty() ? "/" : given.getPath();
            root = new URI(given.getScheme(), given.getAuthority(), path, null, null);
        } catch (URISyntaxException e) {
            throw properties.invalid("a Hadoop store is written like hdfs://namenode:8020/directory");
        }
        HadoopScheme scheme = HadoopScheme.of(storeUri);
        HadoopErrors errors = new HadoopErrors(storeUri.replaceAll("/+$", ""), scheme);
        return new HadoopStore(
                errors,
                new HadoopFiles(root, scheme.fileSystem()),
                new HadoopSession(root, properties, errors),
                uploads);
    }

    @Override
    public String uri() {
        return errors.uri();
    }

    @Override
    public Capabilities capabilities() {
        return capabilities;
    }

    @Override
    public void checkAccess() throws TarnException {
        StoreStatus root = status("")
                .orElseThrow(() -> errors.failure(
                        ErrorCode.STORE_NOT_FOUND, "", "does not exist; create the directory first", null));
        if (!root.directory()) {
            throw errors.failure(ErrorCode.STORE_NOT_FOUND, "", "is not a directory", null);
        }
    }

    @Override
    public Optional<StoreStatus> status(String path) throws TarnException {
        figures.request("head");
        Path file = files.locate(path);
        return session.call(path, fileSystem -> Optional.ofNullable(files.status(fileSystem, path, file)));
    }

    @Override
    public Iterator<StoreStatus> list(String path, String startAfter) throws TarnException {
        Path directory = files.locate(path);
        return new SortedPages<>(visitor -> entries(path, directory, visitor), PAGE_ENTRIES, startAfter);
    }

    private void entries(String path, Path directory, SortedPages.Visitor<StoreStatus> visitor) throws TarnException {
        figures.request("list");
        session.call(path, fileSystem -> {
            RemoteIterator<FileStatus> entries = fileSystem.listStatusIterator(directory);
            while (entries.hasNext()) {
                FileStatus entry = entries.next();
                String name = entry.getPath().getName();
                if (entry.getPath().equals(directory)) {
                    throw errors.failure(ErrorCode.NOT_A_DIRECTORY, path, "is a file", null);
                }
                if (TarnPath.isValidName(name) && name.indexOf('\ufffd') < 0 && !entry.isSymlink()) {
                    if (!StorePaths.isTemporary(name)) {
                        visitor.entry(name, files.toStatus(StorePaths.child(path, name), entry));
                    }
                } else {
                    skipped.incrementAndGet();
                }
            }
            return true;
        });
    }

    @Override
    public Iterator<StoreStatus> listRecursive(String path) throws TarnException {
        return new TreeWalk(this, path);
    }

    @Override
    public void read(String path, String versionTag, long offset, long lengthBytes, ByteSink sink)
            throws TarnException {
        figures.request("get");
        new HadoopReader(this, path, files.locate(path), versionTag).read(offset, lengthBytes, sink);
    }

    @Override
    public StoreWriter create(String path, CreateOptions options) throws TarnException {
        figures.request("put");
        Path target = files.locate(path);
        if (status(path).map(StoreStatus::directory).orElse(false)) {
            throw errors.failure(ErrorCode.IS_A_DIRECTORY, path, "is a directory", null);
        }
        String directory = StorePaths.parent(path);
        if (!options.inExistingDirectory()) {
            createDirectory(directory);
        } else if (status(directory).isEmpty()) { // the file system's own create would make it
            throw errors.failure(ErrorCode.STORE_NOT_FOUND, directory, "does not exist", null);
        }
        HadoopWriter writer = new HadoopWriter(this, path, target, options);
        openWriters.add(writer);
        return writer;
    }

    @Override
    public void createDirectory(String path) throws TarnException {
        StoreStatus there = status(path).orElse(null);
        if (there == null) {
            figures.request("put");
            if (!path.isEmpty()) {
                createDirectory(StorePaths.parent(path));
            }
            Path directory = files.locate(path);
            boolean made = session.call(path, fileSystem -> fileSystem.mkdirs(directory));
            if (!made) {
                throw errors.failure(ErrorCode.STORE_UNAVAILABLE, path, "the store did not make the directory", null);
            }
        } else if (!there.directory()) {
            throw errors.failure(ErrorCode.ALREADY_EXISTS, path, "is a file where a directory is needed", null);
        }
    }

    @Override
    public boolean deleteFile(String path, String versionTag) throws TarnException {
        StoreStatus there = status(path).orElse(null);
        if (there == null) {
            return false;
        }
        if (there.directory()) {
            throw errors.failure(ErrorCode.IS_A_DIRECTORY, path, "is a directory", null);
        }
        if (!versionTag.isEmpty() && !versionTag.equals(there.versionTag())) {
            throw errors.changed(path, "version " + versionTag + " is not there");
        }
        figures.request("delete");
        Path file = files.locate(path);
        return session.call(path, fileSystem -> fileSystem.delete(file, false));
    }

    @Override
    public boolean deleteDirectory(String path, boolean recursive) throws TarnException {
        if (path.isEmpty()) {
            throw errors.failure(ErrorCode.INVALID_ARGUMENT, path, "is the mount's root and stays", null);
        }
        StoreStatus there = status(path).orElse(null);
        if (there == null) {
            return false;
        }
        if (!there.directory()) {
            throw errors.failure(ErrorCode.NOT_A_DIRECTORY, path, "is a file", null);
        }
        if (!recursive && list(path, "").hasNext()) {
            throw errors.failure(ErrorCode.DIRECTORY_NOT_EMPTY, path, "is not empty", null);
        }
        figures.request("delete");
        Path directory = files.locate(path);
        // Of a directory that looks empty, unfinished files of dead writers go too.
        return session.call(path, fileSystem -> fileSystem.delete(directory, true));
    }

    @Override
    public void rename(String source, String target) throws TarnException {
        Path from = files.locate(source);
        Path to = files.locate(target);
        if (!capabilities.atomicRename()) {
            throw errors.failure(ErrorCode.UNSUPPORTED, source, "this store has no atomic rename", null);
        }
        StoreStatus moved = source.isEmpty() ? null : status(source).orElse(null);
        if (moved == null) {
            throw errors.failure(source, new FileNotFoundException(source));
        }
        if (target.startsWith(source + "/")) {
            throw errors.failure(ErrorCode.INVALID_ARGUMENT, source, "cannot be moved below itself", null);
        }
        StoreStatus replaced = status(target).orElse(null);
        if (replaced != null && replaced.directory() != moved.directory()) {
            ErrorCode code = replaced.directory() ? ErrorCode.IS_A_DIRECTORY : ErrorCode.NOT_A_DIRECTORY;
            throw errors.failure(code, target, "is a " + (replaced.directory() ? "directory" : "file"), null);
        }
        if (replaced != null && replaced.directory() && list(target, "").hasNext()) {
            throw errors.failure(ErrorCode.DIRECTORY_NOT_EMPTY, target, "is not empty", null);
        }
        createDirectory(StorePaths.parent(target));
        figures.request("copy");
        session.call(source, fileSystem -> {
            HadoopRename.replacing(fileSystem, from, to);
            return true;
        });
    }

    @Override
    public StoreStatus copyFile(String source, String versionTag, String target) throws TarnException {
        StoreStatus status = status(source).orElseThrow(() -> errors.changed(source, "it is gone"));
        try (StoreWriter writer = create(target, CreateOptions.REPLACE)) {
            read(source, versionTag, 0, status.lengthBytes(), writer::write);
            return writer.commit();
        }
    }

    @Override
    public void setAttributes(String path, StoreAttributes attributes) throws TarnException {
        figures.request("put");
        Path file = files.locate(path);
        session.call(path, fileSystem -> {
            applyAttributes(fileSystem, file, attributes);
            return true;
        });
    }

    void applyAttributes(FileSystem fileSystem, Path file, StoreAttributes attributes) throws IOException {
        if (!capabilities.keepsOwnerAndMode()) {
            return;
        }
        Integer mode = attributes.mode();
        if (mode != null) {
            fileSystem.setPermission(file, new FsPermission(mode.shortValue()));
        }
        if (attributes.owner() != null || attributes.group() != null) {
            try {
                fileSystem.setOwner(file, attributes.owner(), attributes.group());
            } catch (AccessControlException e) {
                // Only a superuser gives files away; to others the store is one that keeps no owner.
                skippedOwner(file, e);
            }
        }
        Long modifiedMillis = attributes.modifiedMillis();
        if (modifiedMillis != null) {
            fileSystem.setTimes(file, modifiedMillis, -1);
        }
    }

    private static void skippedOwner(Path file, AccessControlException cause) {
        org.slf4j.LoggerFactory.getLogger(HadoopStore.class).debug("{} keeps its owner", file, cause);
    }

    @Override
    public void removeUnfinished(String upload) throws TarnException {
        if (!StorePaths.isTemporary(StorePaths.name(upload))) {
            throw errors.failure(ErrorCode.INVALID_ARGUMENT, upload, "is no unfinished file", null);
        }
        Path temporary = files.at(upload);
        var unused = session.call(upload, fileSystem -> fileSystem.delete(temporary, false));
    }

    UploadLog uploads() {
        return uploads;
    }

    HadoopSession session() {
        return session;
    }

    HadoopFiles files() {
        return files;
    }

    HadoopErrors errors() {
        return errors;
    }

    void wrote(long bytes) {
        figures.bytes("put", bytes);
    }

    void received(long bytes) {
        figures.bytes("get", bytes);
    }

    void ended(HadoopWriter writer) {
        openWriters.remove(writer);
    }

    @Override
    public Map<String, StoreFigures> figures() {
        return figures.snapshot();
    }

    @Override
    public long skippedNames() {
        return skipped.get();
    }

    @Override
    public void close() {
        List.copyOf(openWriters).forEach(HadoopWriter::abort);
        session.close();
    }
}
