package io.tarn.understore;

import io.tarn.protocol.error.TarnException;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;

/** Passes all calls on to another store; who wraps one overrides what it changes. As thread-safe as that store. */
public abstract class ForwardingUnderStore implements UnderStore {
    private final UnderStore store;

    protected ForwardingUnderStore(UnderStore store) {
        this.store = store;
    }

    @Override
    public String uri() {
        return store.uri();
    }

    @Override
    public Capabilities capabilities() {
        return store.capabilities();
    }

    @Override
    public void checkAccess() throws TarnException {
        store.checkAccess();
    }

    @Override
    public Optional<StoreStatus> status(String path) throws TarnException {
        return store.status(path);
    }

    @Override
    public Iterator<StoreStatus> list(String path, String startAfter) throws TarnException {
        return store.list(path, startAfter);
    }

    @Override
    public Iterator<StoreStatus> listRecursive(String path) throws TarnException {
        return store.listRecursive(path);
    }

    @Override
    public void read(String path, String versionTag, long offset, long lengthBytes, ByteSink sink)
            throws TarnException {
        store.read(path, versionTag, offset, lengthBytes, sink);
    }

    @Override
    public StoreWriter create(String path, CreateOptions options) throws TarnException {
        return store.create(path, options);
    }

    @Override
    public void createDirectory(String path) throws TarnException {
        store.createDirectory(path);
    }

    @Override
    public boolean deleteFile(String path, String versionTag) throws TarnException {
        return store.deleteFile(path, versionTag);
    }

    @Override
    public boolean deleteDirectory(String path, boolean recursive) throws TarnException {
        return store.deleteDirectory(path, recursive);
    }

    @Override
    public void rename(String source, String target) throws TarnException {
        store.rename(source, target);
    }

    @Override
    public StoreStatus copyFile(String source, String versionTag, String target) throws TarnException {
        return store.copyFile(source, versionTag, target);
    }

    @Override
    public void setAttributes(String path, StoreAttributes attributes) throws TarnException {
        store.setAttributes(path, attributes);
    }

    @Override
    public void removeUnfinished(String upload) throws TarnException {
        store.removeUnfinished(upload);
    }

    @Override
    public Map<String, StoreFigures> figures() {
        return store.figures();
    }

    @Override
    public long skippedNames() {
        return store.skippedNames();
    }

    @Override
    public void close() {
        store.close();
    }
}
