package io.tarn.worker.server;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The open files of one connection, by the number that the peer knows them by. Used on its event loop. */
final class Handles {
    private final int limit;
    private final Map<Long, Handle> open = new HashMap<>();
    private long last;
    private int opening;
    private boolean closed;

    Handles(int limit) {
        this.limit = limit;
    }

    /** Keeps a place for a file that is being opened; {@link #add} or {@link #giveUp} follows. */
    void reserve() throws TarnException {
        if (open.size() + opening >= limit) {
            throw new TarnException(
                    ErrorCode.BUSY, limit + " files are open through this connection; close some", null, 1000);
        }
        opening++;
    }

    /** The new handle's number; 0 where the connection has closed meanwhile, and the handle with it. */
    long add(Handle handle) {
        opening--;
        if (closed) {
            handle.close();
            return 0;
        }
        open.put(++last, handle);
        return last;
    }

    void giveUp() {
        opening--;
    }

    ReadHandle reading(long id) throws TarnException {
        if (open.get(id) instanceof ReadHandle handle) {
            return handle;
        }
        throw new TarnException(ErrorCode.INVALID_ARGUMENT, "handle " + id + " is not open for reading");
    }

    WriteHandle writing(long id) throws TarnException {
        if (open.get(id) instanceof WriteHandle handle) {
            return handle;
        }
        throw new TarnException(ErrorCode.INVALID_ARGUMENT, "handle " + id + " is not open for writing");
    }

    @Nullable
    Handle remove(long id) {
        return open.remove(id);
    }

    boolean isEmpty() {
        return open.isEmpty() && opening == 0;
    }

    void closeAll() {
        closed = true;
        open.values().forEach(Handle::close);
        open.clear();
    }
}
