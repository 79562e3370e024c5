package io.tarn.master.state.rocks;

import io.tarn.master.state.Changes;
import io.tarn.master.state.CommitRules;
import io.tarn.master.state.KeyRange;
import io.tarn.master.state.StateStore;
import io.tarn.master.state.Table;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The state on disk. Thread-safe. Failures of the database come as an {@link java.io.UncheckedIOException} around a {@link TarnException} where the
 * interface has no checked one.
 *
 * <p>Locks: readers share the read lock and each commit takes the write side for the time of one write to memory; flush, checkpoint and close exclude each
 * other by {@code maintenance}, taken first.
 */
public final class RocksStateStore implements StateStore {
    private static final Logger LOG = LoggerFactory.getLogger(RocksStateStore.class);

    static final long NO_SEQUENCE = -1;
    private static final long SPARE_BYTES = 1 << 20;

    private final RocksDatabase database;
    private final RocksFailures failures;
    private final CleanStop cleanStop;
    private final HotEntries hot;
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock(true);
    private final ReentrantLock maintenance = new ReentrantLock();
    private final Set<RocksCursor> cursors = ConcurrentHashMap.newKeySet();
    private volatile long appliedSequence;
    private volatile long durableSequence;
    private boolean closed;

    private RocksStateStore(RocksDatabase database, RocksFailures failures, CleanStop cleanStop, StateConfig config)
            throws RocksDBException {
        this.database = database;
        this.failures = failures;
        this.cleanStop = cleanStop;
        this.hot = new HotEntries(config.heapCache().bytes());
        this.appliedSequence = database.appliedSequence();
        this.durableSequence = appliedSequence;
    }

    /**
     * Opens the state in {@code directory}, or begins an empty one there. After anything but a clean stop the mirror is forgotten.
     *
     * @throws TarnException CORRUPT where the files are damaged; UNAVAILABLE where another process uses them
     */
    public static RocksStateStore open(Path directory, StateConfig config) throws TarnException {
        RocksFailures failures = new RocksFailures(directory);
        CleanStop cleanStop = new CleanStop(directory);
        RocksDatabase database = RocksDatabase.open(directory, config, failures);
        try {
            if (!cleanStop.take() && database.holds(Table.MIRROR)) {
                database.dropMirror();
                database.close();
                database = RocksDatabase.open(directory, config, failures);
            }
            return new RocksStateStore(database, failures, cleanStop, config);
        } catch (RocksDBException e) {
            database.close();
            throw failures.of("read the state", e);
        } catch (TarnException e) {
            throw e;
        } catch (IOException e) {
            database.close();
            throw new TarnException(
                    ErrorCode.UNAVAILABLE, "cannot write to " + directory + ", where the state is: check the disk", e);
        }
    }

    /**
     * After damage was found in a state: where everything journaled can be read, it was in the mirror, a cache, and the mirror is forgotten.
     *
     * @return whether the state can be opened again
     */
    public static boolean forgetDamagedMirror(Path directory, StateConfig config) throws IOException {
        RocksFailures failures = new RocksFailures(directory);
        if (!failures.isMarked()) {
            return false;
        }
        try (RocksDatabase database = RocksDatabase.openMarked(directory, config, failures)) {
            database.readJournaled();
            database.dropMirror();
        } catch (TarnException | RocksDBException e) {
            return false;
        }
        failures.unmark();
        return true;
    }

    @Override
    public byte @Nullable [] get(Table table, byte[] key) {
        boolean cached = hot.holds(table);
        byte[] value = cached ? hot.get(table, key) : null;
        if (value != null) {
            return value == HotEntries.ABSENT ? null : value;
        }
        lock.readLock().lock();
        try {
            checkOpen();
            value = database.get(table, key);
            if (cached) {
                hot.put(table, key, value == null ? HotEntries.ABSENT : value);
            }
            return value;
        } catch (RocksDBException e) {
            throw failures.unchecked("read the state", e);
        } finally {
            lock.readLock().unlock();
        }
    }

    @Override
    public Cursor scan(Table table, byte[] prefix, byte @Nullable [] after) {
        lock.readLock().lock();
        try {
            checkOpen();
            RocksCursor cursor = new RocksCursor(this, database, table, new KeyRange(prefix, after));
            cursors.add(cursor);
            return cursor;
        } finally {
            lock.readLock().unlock();
        }
    }

    void readAhead(RocksCursor cursor) {
        lock.readLock().lock();
        try {
            checkOpen();
            cursor.readAhead();
        } catch (RocksDBException e) {
            throw failures.unchecked("scan the state", e);
        } finally {
            lock.readLock().unlock();
        }
    }

    void release(RocksCursor cursor) {
        lock.readLock().lock();
        try {
            if (cursors.remove(cursor)) {
                cursor.closeNative();
            }
        } finally {
            lock.readLock().unlock();
        }
    }

    @Override
    public long appliedSequence() {
        return appliedSequence;
    }

    @Override
    public long durableSequence() {
        return durableSequence;
    }

    @Override
    public void commit(long sequence, Changes changes) {
        CommitRules.checkCommit(lock, changes);
        lock.writeLock().lock();
        try {
            checkOpen();
            CommitRules.checkNext(appliedSequence, sequence);
            database.write(changes, sequence);
            hot.apply(changes);
            appliedSequence = sequence;
        } catch (RocksDBException e) {
            throw failures.unchecked("apply a batch", e);
        } finally {
            lock.writeLock().unlock();
        }
    }

    @Override
    public void cache(Changes changes) {
        CommitRules.checkCache(lock, changes);
        lock.writeLock().lock();
        try {
            checkOpen();
            database.write(changes, NO_SEQUENCE);
        } catch (RocksDBException e) {
            throw failures.unchecked("change the mirror", e);
        } finally {
            lock.writeLock().unlock();
        }
    }

    @Override
    public void forgetMirror() {
        lock.writeLock().lock();
        try {
            checkOpen();
            database.emptyMirror();
        } catch (RocksDBException e) {
            throw failures.unchecked("forget the mirror", e);
        } finally {
            lock.writeLock().unlock();
        }
    }

    @Override
    public Lock readLock() {
        return lock.readLock();
    }

    @Override
    public void flush() throws TarnException {
        maintenance.lock();
        try {
            checkOpen();
            requireRoom();
            long sequence = appliedSequence;
            database.flush();
            durableSequence = sequence;
        } catch (RocksDBException e) {
            throw failures.of("flush the state", e);
        } finally {
            maintenance.unlock();
        }
    }

    /** The directory must be on the same file system, or its files are copied instead of linked. */
    @Override
    public long checkpoint(Path directory) throws TarnException {
        maintenance.lock();
        try {
            checkOpen();
            requireRoom();
            long sequence = appliedSequence;
            database.checkpoint(directory);
            durableSequence = sequence;
            return RocksDatabase.sequenceOf(directory);
        } catch (RocksDBException e) {
            throw failures.of("write a checkpoint", e);
        } finally {
            maintenance.unlock();
        }
    }

    /** A flush that fails makes the database refuse writes, also when there is room again; so it is not tried without room. */
    private void requireRoom() throws RocksDBException, TarnException {
        failures.requireRoom(database.unflushedBytes() + SPARE_BYTES);
    }

    @Override
    public long estimatedEntries(Table table) {
        lock.readLock().lock();
        try {
            checkOpen();
            return database.estimatedEntries(table);
        } catch (RocksDBException e) {
            throw failures.unchecked("count entries", e);
        } finally {
            lock.readLock().unlock();
        }
    }

    /** Flushes, so that the next start has nothing to replay, and closes; waits for reads that are under way. */
    @Override
    public void close() {
        maintenance.lock();
        lock.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                cursors.forEach(RocksCursor::closeNative);
                cursors.clear();
                flushAndClose();
            }
        } finally {
            lock.writeLock().unlock();
            maintenance.unlock();
        }
    }

    private void flushAndClose() {
        try (database) {
            database.flush();
            cleanStop.leave();
        } catch (RocksDBException e) {
            throw failures.unchecked("flush the state at its close", e);
        } catch (IOException e) {
            LOG.warn("What the stores hold will be listed again after the next start", e);
        }
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("the state store is closed");
        }
    }
}
