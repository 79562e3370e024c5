package io.tarn.testing.understore;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.understore.CreateOptions;
import io.tarn.understore.ForwardingUnderStore;
import io.tarn.understore.StoreAttributes;
import io.tarn.understore.StoreStatus;
import io.tarn.understore.StoreWriter;
import io.tarn.understore.UnderStore;
import java.util.Iterator;
import java.util.Optional;

/**
 * Wraps a real store and makes it misbehave on demand; {@link #faults()} says what happens to which call. Without a fault it only counts.
 *
 * <p>Safe for use by many threads.
 */
public final class FaultyUnderStore extends ForwardingUnderStore {
    private final Faults faults = new Faults();

    public FaultyUnderStore(UnderStore store) {
        super(store);
    }

    /** What goes wrong, and how often each operation was called. */
    public Faults faults() {
        return faults;
    }

    @Override
    public void checkAccess() throws TarnException {
        faults.before(StoreCall.CHECK_ACCESS, "");
        super.checkAccess();
    }

    @Override
    public Optional<StoreStatus> status(String path) throws TarnException {
        faults.before(StoreCall.STATUS, path);
        return super.status(path);
    }

    @Override
    public Iterator<StoreStatus> list(String path, String startAfter) throws TarnException {
        faults.before(StoreCall.LIST, path);
        return super.list(path, startAfter);
    }

    @Override
    public Iterator<StoreStatus> listRecursive(String path) throws TarnException {
        faults.before(StoreCall.LIST_RECURSIVE, path);
        return super.listRecursive(path);
    }

    @Override
    public void read(String path, String versionTag, long offset, long lengthBytes, ByteSink sink)
            throws TarnException {
        faults.before(StoreCall.READ, path);
        ReadFault fault = faults.readFault(path);
        if (fault == null) {
            super.read(path, versionTag, offset, lengthBytes, sink);
        } else {
            FaultySink faulty = new FaultySink(fault, sink);
            super.read(path, versionTag, offset, lengthBytes, faulty);
            faulty.end(path);
        }
    }

    @Override
    public StoreWriter create(String path, CreateOptions options) throws TarnException {
        faults.before(StoreCall.CREATE, path);
        return new FaultyWriter(path, super.create(path, options), faults);
    }

    @Override
    public void createDirectory(String path) throws TarnException {
        faults.before(StoreCall.CREATE_DIRECTORY, path);
        super.createDirectory(path);
        faults.after(StoreCall.CREATE_DIRECTORY);
    }

    @Override
    public boolean deleteFile(String path, String versionTag) throws TarnException {
        faults.before(StoreCall.DELETE_FILE, path);
        boolean deleted = super.deleteFile(path, versionTag);
        faults.after(StoreCall.DELETE_FILE);
        return deleted;
    }

    @Override
    public boolean deleteDirectory(String path, boolean recursive) throws TarnException {
        faults.before(StoreCall.DELETE_DIRECTORY, path);
        boolean deleted = super.deleteDirectory(path, recursive);
        faults.after(StoreCall.DELETE_DIRECTORY);
        return deleted;
    }

    @Override
    public void rename(String source, String target) throws TarnException {
        faults.before(StoreCall.RENAME, source);
        super.rename(source, target);
        faults.after(StoreCall.RENAME);
    }

    @Override
    public StoreStatus copyFile(String source, String versionTag, String target) throws TarnException {
        faults.before(StoreCall.COPY_FILE, source);
        StoreStatus copy = super.copyFile(source, versionTag, target);
        faults.after(StoreCall.COPY_FILE);
        return copy;
    }

    @Override
    public void setAttributes(String path, StoreAttributes attributes) throws TarnException {
        faults.before(StoreCall.SET_ATTRIBUTES, path);
        super.setAttributes(path, attributes);
    }

    /** The failure of a store that cannot be reached. */
    public static TarnException unavailable(String path) {
        return new TarnException(ErrorCode.STORE_UNAVAILABLE, "injected: the store is away: " + path);
    }
}
