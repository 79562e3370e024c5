package io.tarn.understore;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;

/** A directory tree in depth first order: one open listing for each level. Every directory is given, since each has owner and mode. */
public final class TreeWalk implements Iterator<StoreStatus> {
    private final UnderStore store;
    private final Deque<Iterator<StoreStatus>> levels = new ArrayDeque<>();

    public TreeWalk(UnderStore store, String path) throws TarnException {
        this.store = store;
        levels.push(store.list(path, ""));
    }

    @Override
    public boolean hasNext() {
        while (!levels.isEmpty() && !levels.element().hasNext()) {
            levels.pop();
        }
        return !levels.isEmpty();
    }

    @Override
    public StoreStatus next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        StoreStatus status = levels.element().next();
        if (status.directory()) {
            try {
                levels.push(store.list(status.path(), ""));
            } catch (TarnException e) {
                // Deleted since it was listed: its own status was still true then.
                if (e.code() != ErrorCode.STORE_NOT_FOUND && e.code() != ErrorCode.NOT_A_DIRECTORY) {
                    throw new UncheckedIOException(e);
                }
            }
        }
        return status;
    }
}
