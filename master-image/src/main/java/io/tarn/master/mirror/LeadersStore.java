package io.tarn.master.mirror;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.understore.Capabilities;
import io.tarn.understore.CreateOptions;
import io.tarn.understore.StoreAttributes;
import io.tarn.understore.StoreFigures;
import io.tarn.understore.StoreStatus;
import io.tarn.understore.StoreWriter;
import io.tarn.understore.UnderStore;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * An under store that only the leader changes. A master that stood still while another one took over would carry on where it stopped, and undo, for instance, what
 * that one has carried out meanwhile: no store knows of epochs. So the leadership is looked at before each change. (What
 * is on its way to the store when a master stops may still arrive.) As thread-safe as the store.
 */
final class LeadersStore implements UnderStore {
    private final UnderStore store;
    private final BooleanSupplier leads;

    LeadersStore(UnderStore store, BooleanSupplier leads) {
        this.store = store;
        this.leads = leads;
    }

    private UnderStore toChange() throws TarnException {
        if (!leads.getAsBoolean()) {
            throw new TarnException(
                    ErrorCode.NOT_LEADER,
                    "this master leads no more, and changes nothing in " + uri() + ": ask the leader");
        }
        return store;
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
        return toChange().create(path, options);
    }

    @Override
    public void createDirectory(String path) throws TarnException {
        toChange().createDirectory(path);
    }

    @Override
    public boolean deleteFile(String path, String versionTag) throws TarnException {
        return toChange().deleteFile(path, versionTag);
    }

    @Override
    public boolean deleteDirectory(String path, boolean recursive) throws TarnException {
        return toChange().deleteDirectory(path, recursive);
    }

    @Override
    public void rename(String source, String target) throws TarnException {
        toChange().rename(source, target);
    }

    @Override
    public StoreStatus copyFile(String source, String versionTag, String target) throws TarnException {
        return toChange().copyFile(source, versionTag, target);
    }

    @Override
    public void setAttributes(String path, StoreAttributes attributes) throws TarnException {
        toChange().setAttributes(path, attributes);
    }

    @Override
    public void removeUnfinished(String upload) throws TarnException {
        toChange().removeUnfinished(upload);
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
