package io.tarn.master.mirror;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.tarn.master.record.MountEntry;
import io.tarn.master.state.StateReader;
import io.tarn.master.state.StateStore;
import io.tarn.master.state.Table;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.understore.StoreStatus;
import io.tarn.understore.UnderStore;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Loads metadata of mounted stores into the mirror. A load runs in the thread of its first caller, which may block for long (use virtual threads); callers
 * who want the same meanwhile join it. Safe for many threads.
 */
public final class Mirror {
    private static final int BATCH_ENTRIES = 512;
    private static final int MAX_LOADS_AT_ONCE = 256;

    private final MountedStores stores;
    private final MirrorTable table;
    private final InstantSource clock;
    private final Timer statusTimer;
    private final Timer listTimer;
    private final Semaphore permits = new Semaphore(MAX_LOADS_AT_ONCE);
    private final Map<LoadKey, RunningLoad> running = new ConcurrentHashMap<>();

    public Mirror(StateStore state, MountedStores stores, InstantSource clock, MeterRegistry meters) {
        this.stores = stores;
        this.table = new MirrorTable(state);
        this.clock = clock;
        this.statusTimer = Timer.builder("tarn.master.mirror.load")
                .tag("kind", "status")
                .publishPercentileHistogram()
                .register(meters);
        this.listTimer = Timer.builder("tarn.master.mirror.load")
                .tag("kind", "list")
                .publishPercentileHistogram()
                .register(meters);
    }

    /** Stores of the mounts. */
    public MountedStores stores() {
        return stores;
    }

    /** What is known of a path in {@code state}, however old; null where nothing is known. */
    public static @Nullable MirrorRow known(StateReader state, long mountId, String path) {
        byte[] value = state.get(Table.MIRROR, MirrorKeys.row(mountId, path));
        return value == null ? null : MirrorRow.decode(value);
    }

    /**
     * What the store holds at a path, no older than {@code notBeforeMillis}; null where nothing is there.
     *
     * @throws MirrorMiss where that is not known
     */
    public static @Nullable MirrorRow fresh(StateReader state, MountEntry mount, String path, long notBeforeMillis)
            throws MirrorMiss {
        MirrorRow row = known(state, mount.id(), path);
        if (row != null && row.loadedMillis() >= notBeforeMillis) {
            return row.present() ? row : null;
        }
        if (!path.isEmpty()) {
            MirrorRow parent = known(state, mount.id(), path.substring(0, Math.max(0, path.lastIndexOf('/'))));
            if (parent != null && parent.directory() && parent.childrenLoadedMillis() >= notBeforeMillis) {
                return null;
            }
        }
        throw MirrorMiss.ofStatus(mount, path, notBeforeMillis);
    }

    /**
     * Requires that the listing of a directory is known and no older than {@code notBeforeMillis}. A directory that has gone meanwhile has no children.
     *
     * @throws MirrorMiss where it is not known
     * @throws TarnException STORE_NOT_FOUND where the mount's own directory has gone
     */
    public static void requireChildren(StateReader state, MountEntry mount, String directory, long notBeforeMillis)
            throws TarnException {
        MirrorRow row = known(state, mount.id(), directory);
        if (row != null && !row.directory() && row.loadedMillis() >= notBeforeMillis) {
            if (directory.isEmpty()) {
                throw new TarnException(
                        ErrorCode.STORE_NOT_FOUND,
                        "the directory of " + mount + " is gone; make it again, or unmount it");
            }
            return;
        }
        if (row == null || !row.directory() || row.childrenLoadedMillis() < notBeforeMillis) {
            throw MirrorMiss.ofChildren(mount, directory, notBeforeMillis);
        }
    }

    /** The oldest that metadata of a mount may be for a call that began at {@code startMillis}; 0 is content with whatever is known. */
    public static long notBefore(MountEntry mount, long startMillis) {
        long interval = mount.options().getSyncIntervalMillis();
        return interval < 0 ? 1 : Math.max(1, startMillis - interval);
    }

    /** Fetches what was missed. Blocks. */
    public Seen load(MirrorMiss miss) throws TarnException {
        LoadKey key = new LoadKey(miss.mount().id(), miss.path(), miss.children());
        while (true) {
            RunningLoad mine = new RunningLoad(clock.millis(), new CompletableFuture<>());
            RunningLoad other = running.putIfAbsent(key, mine);
            if (other == null) {
                return runAndTell(key, mine, miss.mount());
            }
            Seen seen = await(other);
            if (other.stampMillis >= miss.notBeforeMillis()) {
                return seen;
            }
        }
    }

    /** Looks at one path, or at all children of a directory, now. Blocks. */
    public Seen look(MountEntry mount, String path, boolean children) throws TarnException {
        long now = clock.millis();
        return load(children ? MirrorMiss.ofChildren(mount, path, now) : MirrorMiss.ofStatus(mount, path, now));
    }

    /** Tarn has put this into the store. */
    public void put(long mountId, StoreStatus status) {
        table.put(mountId, status, clock.millis());
    }

    /** Tarn has made sure that nothing is at or below the path. */
    public void remove(long mountId, String path) {
        table.remove(mountId, path, clock.millis());
    }

    /** Tarn has renamed {@code source}, in the store, to what {@code target} describes. */
    public void move(long mountId, String source, StoreStatus target) {
        table.move(mountId, source, target, clock.millis());
    }

    /** Whether something is known to lie in a directory; where much was removed lately, perhaps false although there is. */
    public boolean hasChildren(long mountId, String directory) {
        return table.hasChildren(mountId, directory);
    }

    /** A directory is there, whatever an earlier look has said of it or of those above. */
    public void forgetAbsence(long mountId, String directory) {
        table.forgetAbsence(mountId, directory);
    }

    /** Forgets what is known of a tree. */
    public void forget(long mountId, String path) {
        table.forget(mountId, path);
    }

    /** The mount is gone. */
    public void forgetMount(long mountId) {
        stores.forget(mountId);
        table.forgetMount(mountId);
    }

    private Seen runAndTell(LoadKey key, RunningLoad mine, MountEntry mount) throws TarnException {
        try {
            permits.acquire();
            try {
                Seen seen = key.children
                        ? loadChildren(mount, key.path, mine.stampMillis)
                        : loadStatus(mount, key.path, mine.stampMillis);
                mine.result.complete(seen);
                return seen;
            } finally {
                permits.release();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            TarnException stopped = new TarnException(ErrorCode.UNAVAILABLE, "the master is stopping; try again", e);
            mine.result.completeExceptionally(stopped);
            throw stopped;
        } catch (TarnException | RuntimeException e) {
            mine.result.completeExceptionally(e);
            throw e;
        } finally {
            running.remove(key, mine);
        }
    }

    private Seen loadStatus(MountEntry mount, String path, long stampMillis) throws TarnException {
        Timer.Sample sample = Timer.start();
        UnderStore store = stores.of(mount);
        try (MirrorTable.Load load = table.begin(mount.id(), path, stampMillis)) {
            Optional<StoreStatus> status = store.status(path);
            if (status.isPresent()) {
                load.found(List.of(status.get()));
            } else {
                load.foundNothing();
            }
            return new Seen(status.isPresent() ? 1 : 0, load.changedRows());
        } finally {
            sample.stop(statusTimer);
        }
    }

    private Seen loadChildren(MountEntry mount, String path, long stampMillis) throws TarnException {
        Timer.Sample sample = Timer.start();
        UnderStore store = stores.of(mount);
        try (MirrorTable.Load load = table.begin(mount.id(), path, stampMillis)) {
            Optional<StoreStatus> directory = store.status(path);
            if (directory.isEmpty() || !directory.get().directory()) {
                directory.ifPresentOrElse(file -> load.found(List.of(file)), load::foundNothing);
                return new Seen(0, load.changedRows());
            }
            load.found(List.of(directory.get()));
            long seen = stream(store.list(path, ""), load);
            load.foundAllChildren();
            return new Seen(seen, load.changedRows());
        } catch (UncheckedIOException e) {
            if (e.getCause() instanceof TarnException failure) {
                throw failure;
            }
            throw new TarnException(
                    ErrorCode.STORE_UNAVAILABLE, "listing " + store.uri() + " failed: " + e.getMessage(), e);
        } finally {
            sample.stop(listTimer);
        }
    }

    private static long stream(Iterator<StoreStatus> entries, MirrorTable.Load load) {
        List<StoreStatus> batch = new ArrayList<>(BATCH_ENTRIES);
        long seen = 0;
        while (entries.hasNext()) {
            batch.add(entries.next());
            seen++;
            if (batch.size() == BATCH_ENTRIES) {
                load.found(batch);
                batch.clear();
            }
        }
        load.found(batch);
        return seen;
    }

    private static Seen await(RunningLoad other) throws TarnException {
        try {
            return other.result.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof TarnException failure) {
                throw new TarnException(
                        failure.code(), String.valueOf(failure.getMessage()), failure, failure.retryAfterMillis());
            }
            throw e;
        }
    }

    /** What a look has seen, and how much of it was news. */
    public record Seen(long entries, long changed) {}

    private record LoadKey(long mountId, String path, boolean children) {}

    private record RunningLoad(long stampMillis, CompletableFuture<Seen> result) {}
}
