package io.tarn.master.state;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/** The state in this process's heap only: for tests and simulation. {@link #crash()} shows what a crash would leave. Thread-safe. */
public final class InMemoryStateStore implements StateStore {
    private static final int FORMAT_VERSION = 1;
    private static final String FILE_NAME = "state";

    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock(true);
    private final Map<Table, InMemoryTable> tables = new EnumMap<>(Table.class);
    private long appliedSequence;
    private Map<Table, InMemoryTable> durable = Map.of();
    private long durableSequence;

    public InMemoryStateStore() {
        this(0, Map.of());
    }

    private InMemoryStateStore(long sequence, Map<Table, InMemoryTable> content) {
        for (Table table : Table.values()) {
            InMemoryTable entries = content.get(table);
            tables.put(table, entries == null ? new InMemoryTable() : entries);
        }
        appliedSequence = sequence;
        flush();
    }

    /** Reads what {@link #checkpoint} has written. */
    public static InMemoryStateStore restore(Path checkpoint) throws TarnException {
        Path file = checkpoint.resolve(FILE_NAME);
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
            int version = in.readInt();
            if (version != FORMAT_VERSION) {
                throw new TarnException(
                        ErrorCode.UNSUPPORTED, file + " has format " + version + "; use a newer release");
            }
            long sequence = in.readLong();
            Map<Table, InMemoryTable> content = new EnumMap<>(Table.class);
            for (int remaining = in.readInt(); remaining > 0; remaining--) {
                Table table = Table.valueOf(in.readUTF());
                InMemoryTable entries = content.computeIfAbsent(table, t -> new InMemoryTable());
                for (int count = in.readInt(); count > 0; count--) {
                    entries.put(in.readNBytes(in.readInt()), in.readNBytes(in.readInt()));
                }
            }
            return new InMemoryStateStore(sequence, content);
        } catch (TarnException e) {
            throw e;
        } catch (IOException | IllegalArgumentException e) {
            throw new TarnException(ErrorCode.CORRUPT, "cannot read the checkpoint " + file + ": use an older one", e);
        }
    }

    /** A store as it would open after this process crashed now. */
    public InMemoryStateStore crash() {
        lock.readLock().lock();
        try {
            Map<Table, InMemoryTable> content = new EnumMap<>(Table.class);
            durable.forEach((table, entries) -> content.put(table, entries.copy()));
            return new InMemoryStateStore(durableSequence, content);
        } finally {
            lock.readLock().unlock();
        }
    }

    @Override
    public byte @Nullable [] get(Table table, byte[] key) {
        lock.readLock().lock();
        try {
            return entries(table).get(key);
        } finally {
            lock.readLock().unlock();
        }
    }

    @Override
    public Cursor scan(Table table, byte[] prefix, byte @Nullable [] after) {
        lock.readLock().lock();
        try {
            return entries(table).scan(new KeyRange(prefix, after));
        } finally {
            lock.readLock().unlock();
        }
    }

    @Override
    public long appliedSequence() {
        lock.readLock().lock();
        try {
            return appliedSequence;
        } finally {
            lock.readLock().unlock();
        }
    }

    @Override
    public long durableSequence() {
        lock.readLock().lock();
        try {
            return durableSequence;
        } finally {
            lock.readLock().unlock();
        }
    }

    @Override
    public void commit(long sequence, Changes changes) {
        CommitRules.checkCommit(lock, changes);
        lock.writeLock().lock();
        try {
            CommitRules.checkNext(appliedSequence, sequence);
            apply(changes);
            appliedSequence = sequence;
        } finally {
            lock.writeLock().unlock();
        }
    }

    @Override
    public void cache(Changes changes) {
        CommitRules.checkCache(lock, changes);
        lock.writeLock().lock();
        try {
            apply(changes);
        } finally {
            lock.writeLock().unlock();
        }
    }

    @Override
    public void forgetMirror() {
        CommitRules.checkCache(lock, new Changes());
        lock.writeLock().lock();
        try {
            tables.put(Table.MIRROR, new InMemoryTable());
        } finally {
            lock.writeLock().unlock();
        }
    }

    @Override
    public Lock readLock() {
        return lock.readLock();
    }

    @Override
    public void flush() {
        lock.writeLock().lock();
        try {
            Map<Table, InMemoryTable> content = new EnumMap<>(Table.class);
            tables.forEach((table, entries) -> content.put(table, entries.copy()));
            durable = content;
            durableSequence = appliedSequence;
        } finally {
            lock.writeLock().unlock();
        }
    }

    @Override
    public long checkpoint(Path directory) throws TarnException {
        flush();
        InMemoryStateStore copy = crash();
        try {
            Files.createDirectory(directory);
            try (DataOutputStream out = new DataOutputStream(
                    new BufferedOutputStream(Files.newOutputStream(directory.resolve(FILE_NAME))))) {
                out.writeInt(FORMAT_VERSION);
                out.writeLong(copy.appliedSequence);
                out.writeInt(copy.tables.size());
                for (Map.Entry<Table, InMemoryTable> table : copy.tables.entrySet()) {
                    out.writeUTF(table.getKey().name());
                    write(table.getValue(), out);
                }
            }
        } catch (IOException e) {
            throw new TarnException(ErrorCode.UNAVAILABLE, "cannot write a checkpoint to " + directory, e);
        }
        return copy.appliedSequence;
    }

    private static void write(InMemoryTable entries, DataOutputStream out) throws IOException {
        out.writeInt(entries.size());
        try (Cursor cursor = entries.scan(new KeyRange(new byte[0], null))) {
            while (cursor.next()) {
                out.writeInt(cursor.key().length);
                out.write(cursor.key());
                out.writeInt(cursor.value().length);
                out.write(cursor.value());
            }
        }
    }

    @Override
    public long estimatedEntries(Table table) {
        lock.readLock().lock();
        try {
            return entries(table).size();
        } finally {
            lock.readLock().unlock();
        }
    }

    private void apply(Changes changes) {
        for (Table table : changes.tables().keySet()) {
            entries(table).apply(changes.table(table));
        }
    }

    private InMemoryTable entries(Table table) {
        return Objects.requireNonNull(tables.get(table));
    }

    @Override
    public void close() {
        flush();
    }
}
