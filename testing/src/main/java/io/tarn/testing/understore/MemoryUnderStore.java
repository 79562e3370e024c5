package io.tarn.testing.understore;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.understore.Capabilities;
import io.tarn.understore.CreateOptions;
import io.tarn.understore.RequestFigures;
import io.tarn.understore.StoreAttributes;
import io.tarn.understore.StoreFigures;
import io.tarn.understore.StorePaths;
import io.tarn.understore.StoreStatus;
import io.tarn.understore.StoreWriter;
import io.tarn.understore.UnderStore;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * An under store in memory, with all capabilities, under the same contract as the real ones. Nothing but the given clock makes it differ from run to
 * run, so simulations can use it.
 *
 * <p>Safe for use by many threads: one lock guards the tree, and no caller's code runs under it.
 */
public final class MemoryUnderStore implements UnderStore {
    private static final int SINK_BYTES = 64 << 10;

    private final String uri;
    private final MemoryTree tree;
    private final RequestFigures figures = new RequestFigures();

    /** @param clockMillis times of files and directories */
    public MemoryUnderStore(String uri, LongSupplier clockMillis) {
        this.uri = uri;
        this.tree = new MemoryTree(uri, clockMillis);
    }

    @Override
    public String uri() {
        return uri;
    }

    @Override
    public Capabilities capabilities() {
        return new Capabilities(true, true, true, true, true);
    }

    @Override
    public void checkAccess() {}

    @Override
    public Optional<StoreStatus> status(String path) throws TarnException {
        figures.request("head");
        return tree.find(StorePaths.check(path)).map(MemoryTree.Entry::status);
    }

    @Override
    public Iterator<StoreStatus> list(String path, String startAfter) throws TarnException {
        figures.request("list");
        return tree.children(StorePaths.check(path), startAfter).iterator();
    }

    @Override
    public Iterator<StoreStatus> listRecursive(String path) throws TarnException {
        figures.request("list");
        return tree.below(StorePaths.check(path)).iterator();
    }

    @Override
    public void read(String path, String versionTag, long offset, long lengthBytes, ByteSink sink)
            throws TarnException {
        figures.request("get");
        byte[] content = tree.version(StorePaths.check(path), versionTag).content();
        if (offset < 0 || lengthBytes < 0 || offset + lengthBytes > content.length) {
            throw new TarnException(
                    ErrorCode.INVALID_ARGUMENT,
                    uri + "/" + path + " has " + content.length + " bytes; " + lengthBytes + " at " + offset
                            + " were asked for");
        }
        for (long position = offset; position < offset + lengthBytes; position += SINK_BYTES) {
            int count = (int) Math.min(SINK_BYTES, offset + lengthBytes - position);
            figures.bytes("get", count);
            sink.accept(ByteBuffer.wrap(content, (int) position, count).asReadOnlyBuffer());
        }
    }

    @Override
    public StoreWriter create(String path, CreateOptions options) throws TarnException {
        figures.request("put");
        String directory = StorePaths.parent(StorePaths.check(path));
        if (options.inExistingDirectory() && status(directory).isEmpty()) {
            throw new TarnException(ErrorCode.STORE_NOT_FOUND, directory + " does not exist");
        }
        tree.requireFileSpot(path);
        return new MemoryWriter(path, options, tree, figures);
    }

    @Override
    public void createDirectory(String path) throws TarnException {
        figures.request("put");
        tree.makeDirectories(StorePaths.check(path));
    }

    @Override
    public boolean deleteFile(String path, String versionTag) throws TarnException {
        figures.request("delete");
        return tree.deleteFile(StorePaths.check(path), versionTag);
    }

    @Override
    public boolean deleteDirectory(String path, boolean recursive) throws TarnException {
        figures.request("delete");
        return tree.deleteDirectory(StorePaths.check(path), recursive);
    }

    @Override
    public void rename(String source, String target) throws TarnException {
        figures.request("copy");
        tree.rename(StorePaths.check(source), StorePaths.check(target));
    }

    @Override
    public StoreStatus copyFile(String source, String versionTag, String target) throws TarnException {
        figures.request("copy");
        byte[] content = tree.version(StorePaths.check(source), versionTag).content();
        return tree.put(StorePaths.check(target), content, CreateOptions.REPLACE);
    }

    @Override
    public void setAttributes(String path, StoreAttributes attributes) throws TarnException {
        figures.request("put");
        tree.setAttributes(StorePaths.check(path), attributes);
    }

    /** The paths of all files and directories, for assertions on what is left. */
    public List<String> paths() {
        return tree.paths();
    }

    @Override
    public Map<String, StoreFigures> figures() {
        return figures.snapshot();
    }

    @Override
    public long skippedNames() {
        return 0;
    }

    @Override
    public void close() {}
}
