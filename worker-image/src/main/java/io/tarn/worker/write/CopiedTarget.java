package io.tarn.worker.write;

import io.tarn.protocol.error.TarnException;
import io.tarn.understore.StoreStatus;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This worker's cache and copies on others: what is flushed or committed is on all of them. Pieces are sent on without waiting; a copy that fails is given up, and at the next
 * flush or commit replaced by one on another worker, which is given all bytes from this one's pages. For one thread at a time.
 */
final class CopiedTarget implements WriteTarget {
    private static final Logger log = LoggerFactory.getLogger(CopiedTarget.class);

    private final CacheTarget local;
    private final CopyPlaces places;
    private final int wanted;
    private final List<CopyTarget> copies = new ArrayList<>();
    private final Set<Long> givenUp = new HashSet<>();

    /**
     * Begins the copies.
     *
     * @param wanted beside the one here, at least 1
     * @throws TarnException UNAVAILABLE where too few workers take one; the local file is dropped then
     */
    CopiedTarget(CacheTarget local, CopyPlaces places, int wanted) throws TarnException {
        this.local = local;
        this.places = places;
        this.wanted = wanted;
        try {
            while (copies.size() < wanted) {
                copies.add(places.next(alsoHeldBy()));
            }
        } catch (TarnException e) {
            abort();
            throw e;
        }
    }

    /** Something that is done to each copy. */
    private interface Step {
        void on(CopyTarget copy) throws TarnException;
    }

    @Override
    public void append(ByteBuffer bytes, int crc32c) throws TarnException {
        for (CopyTarget copy : List.copyOf(copies)) {
            attempt(copy, each -> each.append(bytes.duplicate(), crc32c));
        }
        local.append(bytes, crc32c);
    }

    /** A copy that fails is given up. */
    private void attempt(CopyTarget copy, Step step) {
        try {
            step.on(copy);
        } catch (TarnException e) {
            log.warn("a copy is given up: {}", e.getMessage());
            copies.remove(copy);
            givenUp.add(copy.workerId());
            copy.abort();
        }
    }

    /** Does it to all copies that are wanted, and to others instead of those that fail. */
    private void onAll(Step step) throws TarnException {
        for (CopyTarget copy : List.copyOf(copies)) {
            attempt(copy, step);
        }
        while (copies.size() < wanted) {
            local.flush(false);
            CopyTarget another = places.next(alsoHeldBy());
            copies.add(another);
            attempt(another, copy -> {
                local.copyTo(copy);
                step.on(copy);
            });
        }
    }

    @Override
    public boolean flush(boolean durable) throws TarnException {
        boolean held = local.flush(durable);
        onAll(copy -> copy.flush(durable));
        return held;
    }

    @Override
    public @Nullable StoreStatus commit(long lengthBytes, @Nullable StoreStatus stored) throws TarnException {
        onAll(copy -> copy.commit(lengthBytes, stored));
        return local.commit(lengthBytes, stored);
    }

    @Override
    public List<Long> alsoHeldBy() {
        return copies.stream().map(CopyTarget::workerId).toList();
    }

    @Override
    public List<Long> givenUpBy() {
        List<Long> without = new ArrayList<>(givenUp);
        without.removeAll(alsoHeldBy());
        return without;
    }

    @Override
    public void leave() {
        local.leave();
        copies.forEach(CopyTarget::leave);
    }

    @Override
    public void abort() {
        local.abort();
        copies.forEach(CopyTarget::abort);
    }
}
