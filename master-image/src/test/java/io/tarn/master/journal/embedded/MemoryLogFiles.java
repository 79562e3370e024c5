package io.tarn.master.journal.embedded;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * Files on a disk that loses power, fills up and fails: what was written but not forced survives {@link #cutPower} sector by sector as chance has it, and
 * renames that were not forced happen or not. As Linux does, a force that fails takes what it should have written for clean: it is read back as long as the
 * power stays on, later forces succeed without it, and it never reaches the disk unless it is written again. Thread-safe.
 */
final class MemoryLogFiles implements LogFiles {
    private static final int SECTOR_BYTES = 512;

    private Map<String, File> names = new TreeMap<>();
    private Map<String, File> durableNames = new TreeMap<>();
    private long spaceBytes = Long.MAX_VALUE;
    private int forcesUntilFailure = Integer.MAX_VALUE;
    private int failures;
    private int writesUntilNoSpace = Integer.MAX_VALUE;

    private static final class File {
        byte[] content = new byte[0];
        byte[] durable = new byte[0];
        final BitSet dirtySectors = new BitSet();
    }

    /** From now on allocations beyond {@code bytes} fail. */
    synchronized void setSpace(long bytes) {
        spaceBytes = bytes;
    }

    /** The force after {@code successes} more ones fails, and every later one. */
    synchronized void failForceAfter(int successes) {
        forcesUntilFailure = successes;
        failures = Integer.MAX_VALUE;
    }

    /** The next force fails, and no later one. */
    synchronized void failOneForce() {
        forcesUntilFailure = 0;
        failures = 1;
    }

    /** One write after {@code successes} more ones stops half-way for lack of space. */
    synchronized void fillUpAfterWrites(int successes) {
        writesUntilNoSpace = successes;
    }

    synchronized void put(String name, byte[] content) {
        File file = new File();
        file.content = content.clone();
        file.durable = content.clone();
        names.put(name, file);
        durableNames.put(name, file);
    }

    /** What is on the disk after power was lost now. */
    synchronized MemoryLogFiles cutPower(Random random) {
        MemoryLogFiles after = new MemoryLogFiles();
        Map<String, File> listing = random.nextBoolean() ? names : durableNames;
        listing.forEach((name, file) -> {
            byte[] content = Arrays.copyOf(file.durable, Math.max(file.durable.length, file.content.length));
            file.dirtySectors.stream().filter(sector -> random.nextBoolean()).forEach(sector -> {
                copySector(file.content, content, sector);
            });
            after.put(name, content);
        });
        return after;
    }

    private static void copySector(byte[] from, byte[] to, int sector) {
        int at = sector * SECTOR_BYTES;
        System.arraycopy(from, at, to, at, Math.min(SECTOR_BYTES, from.length - at));
    }

    @Override
    public String location(String name) {
        return "/memory/" + name;
    }

    @Override
    public synchronized List<String> names() {
        return List.copyOf(names.keySet());
    }

    @Override
    public synchronized long sizeBytes(String name) throws IOException {
        return file(name).content.length;
    }

    @Override
    public synchronized void read(String name, ByteBuffer target, long position) throws IOException {
        byte[] content = file(name).content;
        if (position < content.length) {
            target.put(content, (int) position, (int) Math.min(target.remaining(), content.length - position));
        }
    }

    @Override
    public synchronized void allocate(String name, long sizeBytes) throws IOException {
        long used =
                names.values().stream().mapToLong(file -> file.content.length).sum();
        File file = new File();
        names.put(name, file);
        if (used + sizeBytes > spaceBytes) {
            throw new IOException("No space left on device");
        }
        file.content = new byte[(int) sizeBytes];
        file.durable = new byte[(int) sizeBytes];
    }

    @Override
    public synchronized void replace(String name, byte[] content) {
        put(name, content);
    }

    @Override
    public synchronized WritableLogFile openForWriting(String name) throws IOException {
        File file = file(name);
        return new WritableLogFile() {
            @Override
            public void write(ByteBuffer source, long position) throws IOException {
                MemoryLogFiles.this.write(file, source, position);
            }

            @Override
            public void force() throws IOException {
                MemoryLogFiles.this.force(file);
            }

            @Override
            public void close() {}
        };
    }

    private synchronized void write(File file, ByteBuffer source, long position) throws IOException {
        boolean full = writesUntilNoSpace-- == 0;
        int length = full ? source.remaining() / 2 : source.remaining();
        if (position + length > file.content.length) {
            file.content = Arrays.copyOf(file.content, (int) position + length);
        }
        source.get(file.content, (int) position, length);
        file.dirtySectors.set((int) position / SECTOR_BYTES, ((int) position + length - 1) / SECTOR_BYTES + 1);
        if (full) {
            throw new IOException("No space left on device");
        }
    }

    private synchronized void force(File file) throws IOException {
        if (forcesUntilFailure-- <= 0 && failures > 0) {
            forcesUntilFailure = 0;
            failures--;
            file.dirtySectors.clear();
            throw new IOException("Input/output error");
        }
        file.durable = Arrays.copyOf(file.durable, file.content.length);
        file.dirtySectors.stream().forEach(sector -> copySector(file.content, file.durable, sector));
        file.dirtySectors.clear();
    }

    @Override
    public synchronized void rename(String from, String to) throws IOException {
        names.put(to, file(from));
        names.remove(from);
    }

    @Override
    public synchronized void delete(String name) {
        names.remove(name);
    }

    @Override
    public synchronized void forceDirectory() {
        durableNames = new TreeMap<>(names);
    }

    private File file(String name) throws IOException {
        File file = names.get(name);
        if (file == null) {
            throw new NoSuchFileException(name);
        }
        return file;
    }
}
