package io.tarn.understore.local;

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
import io.tarn.understore.StoreStatus;
import io.tarn.understore.StoreWriter;
import io.tarn.understore.TreeWalk;
import io.tarn.understore.UnderStore;
import io.tarn.understore.UploadLog;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A directory of this machine. Version tags are "mtimeNanoseconds:length:inode"; a read looks at the tag before and after. What of symbolic links is
 * followed, {@link LocalFiles} says.
 *
 * <p>Safe for use by many threads.
 */
class LocalStore implements UnderStore {
    private static final Logger LOG = LoggerFactory.getLogger(LocalStore.class);
    private static final int PAGE_ENTRIES = 65_536;
    private static final int READ_BUFFER_BYTES = 256 << 10;
    private static final Capabilities CAPABILITIES = new Capabilities(true, true, true, false, false);

    private final LocalFiles files;
    private final boolean fsync;
    private final UploadLog uploads;
    private final RequestFigures figures = new RequestFigures();
    private final AtomicLong skipped = new AtomicLong();
    private final Set<LocalWriter> openWriters = ConcurrentHashMap.newKeySet();

    LocalStore(Path root, boolean fsync, UploadLog uploads) {
        this.uploads = uploads;
        this.files = new LocalFiles(root);
        this.fsync = fsync;
    }

    @Override
    public String uri() {
        return files.describe("");
    }

    @Override
    public Capabilities capabilities() {
        return CAPABILITIES;
    }

    @Override
    public void checkAccess() throws TarnException {
        if (!Files.exists(files.root())) {
            throw new TarnException(
                    ErrorCode.STORE_NOT_FOUND,
                    uri() + " does not exist on this machine; create the directory or mount the file system first");
        }
        if (!Files.isDirectory(files.root())) {
            throw new TarnException(ErrorCode.STORE_NOT_FOUND, uri() + " is not a directory");
        }
        if (!Files.isReadable(files.root()) || !Files.isExecutable(files.root())) {
            throw files.failure("", new AccessDeniedException(files.root().toString()));
        }
    }

    @Override
    public Optional<StoreStatus> status(String path) throws TarnException {
        figures.request("head");
        return files.status(path);
    }

    @Override
    public Iterator<StoreStatus> list(String path, String startAfter) throws TarnException {
        figures.request("list");
        Path directory = files.locate(path);
        Iterator<String> names =
                new SortedPages<>(visitor -> names(path, directory, visitor), PAGE_ENTRIES, startAfter);
        return new LocalListing(names, name -> {
            StoreStatus status = files.statusAt(StorePaths.child(path, name), directory.resolve(name));
            if (status == null && Files.exists(directory.resolve(name), LinkOption.NOFOLLOW_LINKS)) {
                skipped.incrementAndGet();
            }
            return status;
        });
    }

    private void names(String path, Path directory, SortedPages.Visitor<String> visitor) throws TarnException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                String name = entry.getFileName().toString();
                if (StorePaths.isTemporary(name)) {
                    continue;
                }
                // Bytes that are no UTF-8 do not survive the way to a String and back.
                if (TarnPath.isValidName(name) && directory.resolve(name).equals(entry)) {
                    visitor.entry(name, name);
                } else {
                    skipped.incrementAndGet();
                }
            }
        } catch (DirectoryIteratorException e) {
            throw files.failure(path, new IOException(e.getMessage(), e));
        } catch (IOException e) {
            throw files.failure(path, e);
        }
    }

    @Override
    public Iterator<StoreStatus> listRecursive(String path) throws TarnException {
        return new TreeWalk(this, path);
    }

    @Override
    public void read(String path, String versionTag, long offset, long lengthBytes, ByteSink sink)
            throws TarnException {
        figures.request("get");
        Path file = files.locate(path);
        requireVersion(path, file, versionTag);
        try (FileChannel channel = FileChannel.open(files.resolveLink(file), StandardOpenOption.READ)) {
            ByteBuffer buffer = ByteBuffer.allocateDirect((int) Math.min(READ_BUFFER_BYTES, Math.max(1, lengthBytes)));
            long end = offset + lengthBytes;
            for (long position = offset; position < end; ) {
                buffer.clear().limit((int) Math.min(buffer.capacity(), end - position));
                int count = channel.read(buffer, position);
                if (count < 0) {
                    throw changed(path, "it is shorter now");
                }
                position += count;
                figures.bytes("get", count);
                sink.accept(buffer.flip());
            }
        } catch (NoSuchFileException e) {
            throw changed(path, "it is gone");
        } catch (IOException e) {
            throw files.failure(path, e);
        }
        requireVersion(path, file, versionTag);
    }

    void requireVersion(String path, Path file, String versionTag) throws TarnException {
        StoreStatus now = files.statusAt(path, file);
        if (now == null) {
            throw changed(path, "it is gone");
        }
        if (!now.versionTag().equals(versionTag)) {
            throw changed(path, "version " + versionTag + " was asked for and " + now.versionTag() + " is there");
        }
    }

    private TarnException changed(String path, String how) {
        return new TarnException(
                ErrorCode.STORE_CHANGED, files.describe(path) + " changed in the store: " + how + "; open it again");
    }

    @Override
    public StoreWriter create(String path, CreateOptions options) throws TarnException {
        figures.request("put");
        if (path.isEmpty()) {
            throw new TarnException(ErrorCode.IS_A_DIRECTORY, uri() + " is a directory");
        }
        if (!options.inExistingDirectory()) {
            makeDirectories(StorePaths.parent(path));
        }
        Path target = files.locate(path);
        try {
            LocalWriter writer = new LocalWriter(this, path, target, options, fsync);
            openWriters.add(writer);
            return writer;
        } catch (IOException e) {
            throw files.failure(path, e);
        }
    }

    @Override
    public void createDirectory(String path) throws TarnException {
        figures.request("put");
        makeDirectories(path);
    }

    /** Makes a directory and its parents, one by one so that none is made behind a link. */
    private void makeDirectories(String path) throws TarnException {
        StoreStatus there = files.status(path).orElse(null);
        if (there != null && there.directory()) {
            return;
        }
        if (there != null) {
            throw new TarnException(
                    ErrorCode.ALREADY_EXISTS, files.describe(path) + " is a file where a directory is needed");
        }
        if (path.isEmpty()) {
            throw new TarnException(ErrorCode.STORE_NOT_FOUND, uri() + " does not exist");
        }
        makeDirectories(StorePaths.parent(path));
        try {
            Files.createDirectory(files.locate(path));
        } catch (FileAlreadyExistsException e) {
            if (!files.status(path).map(StoreStatus::directory).orElse(false)) {
                throw new TarnException(
                        ErrorCode.ALREADY_EXISTS, files.describe(path) + " exists and is no directory", e);
            }
        } catch (IOException e) {
            throw files.failure(path, e);
        }
    }

    @Override
    public boolean deleteFile(String path, String versionTag) throws TarnException {
        figures.request("delete");
        StoreStatus there = files.status(path).orElse(null);
        if (there == null) {
            return false;
        }
        if (there.directory()) {
            throw new TarnException(ErrorCode.IS_A_DIRECTORY, files.describe(path) + " is a directory");
        }
        Path file = files.locate(path);
        if (!versionTag.isEmpty()) {
            requireVersion(path, file, versionTag);
        }
        try {
            return Files.deleteIfExists(file);
        } catch (IOException e) {
            throw files.failure(path, e);
        }
    }

    @Override
    public boolean deleteDirectory(String path, boolean recursive) throws TarnException {
        figures.request("delete");
        StoreStatus there = files.status(path).orElse(null);
        if (there == null) {
            return false;
        }
        if (!there.directory()) {
            throw new TarnException(ErrorCode.NOT_A_DIRECTORY, files.describe(path) + " is a file");
        }
        if (path.isEmpty()) {
            throw new TarnException(ErrorCode.INVALID_ARGUMENT, uri() + " is the mount's root and stays");
        }
        LocalDelete.directory(files, path, recursive);
        return true;
    }

    @Override
    public void rename(String source, String target) throws TarnException {
        figures.request("copy");
        Path from = files.locate(source);
        StoreStatus moved = files.statusAt(source, from);
        if (moved == null || source.isEmpty()) {
            throw files.failure(source, new NoSuchFileException(from.toString()));
        }
        makeDirectories(StorePaths.parent(target));
        Path to = files.locate(target);
        StoreStatus replaced = files.statusAt(target, to);
        if (replaced != null && replaced.directory() != moved.directory()) {
            ErrorCode code = replaced.directory() ? ErrorCode.IS_A_DIRECTORY : ErrorCode.NOT_A_DIRECTORY;
            throw new TarnException(
                    code, files.describe(target) + " is a " + (replaced.directory() ? "directory" : "file"));
        }
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (DirectoryNotEmptyException e) {
            throw notEmpty(target, e);
        } catch (FileSystemException e) {
            if (String.valueOf(e.getReason()).contains("not empty")) {
                throw notEmpty(target, e);
            }
            if (String.valueOf(e.getReason()).equals("Invalid argument")) {
                throw new TarnException(
                        ErrorCode.INVALID_ARGUMENT,
                        files.describe(source) + " cannot be moved below itself, to " + files.describe(target),
                        e);
            }
            throw files.failure(source, e);
        } catch (IOException e) {
            throw files.failure(source, e);
        }
    }

    private TarnException notEmpty(String path, IOException cause) {
        return new TarnException(
                ErrorCode.DIRECTORY_NOT_EMPTY, files.describe(path) + " is a directory that is not empty", cause);
    }

    @Override
    public StoreStatus copyFile(String source, String versionTag, String target) throws TarnException {
        try (StoreWriter writer = create(target, CreateOptions.REPLACE)) {
            StoreStatus status =
                    files.status(source).orElseThrow(() -> files.failure(source, new NoSuchFileException(source)));
            read(source, versionTag, 0, status.lengthBytes(), writer::write);
            return writer.commit();
        }
    }

    @Override
    public void setAttributes(String path, StoreAttributes attributes) throws TarnException {
        figures.request("put");
        try {
            applyAttributes(path, files.resolveLink(files.locate(path)), attributes);
        } catch (IOException e) {
            throw files.failure(path, e);
        }
    }

    /** Owner and group that the machine does not know, or that Tarn may not give a file to, are an error; nothing is half set before. */
    void applyAttributes(String path, Path file, StoreAttributes attributes) throws IOException {
        LocalOwners.apply(file, attributes);
        Integer mode = attributes.mode();
        if (mode != null) {
            Files.setAttribute(file, "unix:mode", mode & 07777, LinkOption.NOFOLLOW_LINKS);
        }
        Long modifiedMillis = attributes.modifiedMillis();
        if (modifiedMillis != null) {
            Files.setLastModifiedTime(file, FileTime.fromMillis(modifiedMillis));
        }
    }

    @Override
    public void removeUnfinished(String upload) throws TarnException {
        if (!StorePaths.isTemporary(StorePaths.name(upload))) {
            throw new TarnException(ErrorCode.INVALID_ARGUMENT, files.describe(upload) + " is no unfinished file");
        }
        try {
            Files.deleteIfExists(files.locate(StorePaths.parent(upload)).resolve(StorePaths.name(upload)));
        } catch (IOException e) {
            TarnException failure = files.failure(upload, e);
            if (failure.code() != ErrorCode.STORE_NOT_FOUND) {
                throw failure;
            }
        }
    }

    UploadLog uploads() {
        return uploads;
    }

    void syncDirectory(Path file) throws IOException {
        Path directory = file.getParent();
        if (directory != null) {
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    LocalFiles files() {
        return files;
    }

    Logger log() {
        return LOG;
    }

    void wrote(int bytes) {
        figures.bytes("put", bytes);
    }

    void ended(LocalWriter writer) {
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
        openWriters.forEach(LocalWriter::abort);
    }
}
