package io.tarn.understore.local;

import io.tarn.protocol.error.TarnException;
import io.tarn.understore.StoreStatus;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** Names of a directory turned into statuses as they are asked for; what vanished in between is left out. Used by one thread at a time. */
final class LocalListing implements Iterator<StoreStatus> {
    private final Iterator<String> names;
    private final Look look;
    private @Nullable StoreStatus next;

    /** The status of one name; null where there is none. */
    interface Look {
        @Nullable
        StoreStatus at(String name) throws TarnException;
    }

    LocalListing(Iterator<String> names, Look look) {
        this.names = names;
        this.look = look;
    }

    @Override
    public boolean hasNext() {
        try {
            while (next == null && names.hasNext()) {
                next = look.at(names.next());
            }
        } catch (TarnException e) {
            throw new UncheckedIOException(e);
        }
        return next != null;
    }

    @Override
    public StoreStatus next() {
        StoreStatus given = hasNext() ? next : null;
        if (given == null) {
            throw new NoSuchElementException();
        }
        next = null;
        return given;
    }
}
