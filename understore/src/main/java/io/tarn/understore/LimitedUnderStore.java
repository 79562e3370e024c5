package io.tarn.understore;

import io.tarn.protocol.error.TarnException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.Optional;

/**
 * Holds a store to its mount's limits: callers wait. A request is counted for each call, and for each thousand entries of a listing; bytes as they
 * pass, so a connection is slowed down and not held up and then bursting.
 *
 * <p>Safe for use by many threads.
 */
public final class LimitedUnderStore extends ForwardingUnderStore {
    private static final int ENTRIES_PER_REQUEST = 1_000;

    private final StoreLimits limits;

    public LimitedUnderStore(UnderStore store, StoreLimits limits) {
        super(store);
        this.limits = limits;
    }

    @Override
    public void checkAccess() throws TarnException {
        limits.request();
        super.checkAccess();
    }

    @Override
    public Optional<StoreStatus> status(String path) throws TarnException {
        limits.request();
        return super.status(path);
    }

    @Override
    public Iterator<StoreStatus> list(String path, String startAfter) throws TarnException {
        limits.request();
        return new LimitedListing(super.list(path, startAfter));
    }

    @Override
    public Iterator<StoreStatus> listRecursive(String path) throws TarnException {
        limits.request();
        return new LimitedListing(super.listRecursive(path));
    }

    @Override
    public void read(String path, String versionTag, long offset, long lengthBytes, ByteSink sink)
            throws TarnException {
        limits.request();
        super.read(path, versionTag, offset, lengthBytes, bytes -> {
            limits.read(bytes.remaining());
            sink.accept(bytes);
        });
    }

    @Override
    public StoreWriter create(String path, CreateOptions options) throws TarnException {
        limits.request();
        return new LimitedWriter(super.create(path, options), limits);
    }

    @Override
    public void createDirectory(String path) throws TarnException {
        limits.request();
        super.createDirectory(path);
    }

    @Override
    public boolean deleteFile(String path, String versionTag) throws TarnException {
        limits.request();
        return super.deleteFile(path, versionTag);
    }

    @Override
    public boolean deleteDirectory(String path, boolean recursive) throws TarnException {
        limits.request();
        return super.deleteDirectory(path, recursive);
    }

    @Override
    public void rename(String source, String target) throws TarnException {
        limits.request();
        super.rename(source, target);
    }

    @Override
    public StoreStatus copyFile(String source, String versionTag, String target) throws TarnException {
        limits.request();
        return super.copyFile(source, versionTag, target);
    }

    @Override
    public void setAttributes(String path, StoreAttributes attributes) throws TarnException {
        limits.request();
        super.setAttributes(path, attributes);
    }

    @Override
    public void removeUnfinished(String upload) throws TarnException {
        limits.request();
        super.removeUnfinished(upload);
    }

    /** Counts a request for each thousand entries. */
    private final class LimitedListing implements Iterator<StoreStatus> {
        private final Iterator<StoreStatus> listing;
        private int given;

        LimitedListing(Iterator<StoreStatus> listing) {
            this.listing = listing;
        }

        @Override
        public boolean hasNext() {
            return listing.hasNext();
        }

        @Override
        public StoreStatus next() {
            if (++given % ENTRIES_PER_REQUEST == 0) {
                try {
                    limits.request();
                } catch (TarnException e) {
                    throw new UncheckedIOException(e);
                }
            }
            return listing.next();
        }
    }
}
