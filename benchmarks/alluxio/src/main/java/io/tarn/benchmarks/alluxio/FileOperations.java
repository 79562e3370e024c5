package io.tarn.benchmarks.alluxio;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Operations on many files, by many threads, each in directories of its own. */
final class FileOperations {
    private static final int FILES_PER_DIRECTORY = 1000;

    private final FileSystem files;
    private final Path directory;

    FileOperations(FileSystem files, Path directory) {
        this.files = files;
        this.directory = directory;
    }

    /** @return creates (and closes), opens, stats, renames and deletes a second, of empty files */
    String metadata(int threads, int filesPerThread) throws Exception {
        Path top = start(threads, filesPerThread);
        int count = threads * filesPerThread;
        String creates = time(threads, count, file -> files.create(path(top, file), true).close());
        String opens = time(threads, count, file -> files.open(path(top, file)).close());
        String stats = time(threads, count, file -> files.getFileStatus(path(top, file)));
        String renames = time(threads, count, file -> require(
                files.rename(path(top, file), path(top, file).suffix(".renamed")), "rename"));
        String deletes = time(threads, count, file -> require(
                files.delete(path(top, file).suffix(".renamed"), false), "delete"));
        files.delete(top, true);
        return String.join(" ", creates, opens, stats, renames, deletes);
    }

    /** @return files a second: written, listed (with their statuses), read whole, and deleted one by one */
    String small(int threads, int count, int bytes) throws Exception {
        Path top = start(threads, (count + threads - 1) / threads);
        byte[] content = new byte[bytes];
        String writes = time(threads, count, file -> {
            try (FSDataOutputStream out = files.create(path(top, file), true)) {
                out.write(content);
            }
        });
        int directories = (count + FILES_PER_DIRECTORY - 1) / FILES_PER_DIRECTORY;
        long listStart = System.nanoTime();
        AtomicInteger listed = new AtomicInteger();
        time(threads, directories, directoryNumber ->
                listed.addAndGet(files.listStatus(new Path(top, Integer.toString(directoryNumber))).length));
        require(listed.get() == count, "list");
        String lists = Timing.perSecond(count, listStart);
        String reads = time(threads, count, file -> {
            byte[] found = new byte[bytes];
            try (FSDataInputStream in = files.open(path(top, file))) {
                in.readFully(found);
            }
        });
        String deletes = time(threads, count, file -> require(files.delete(path(top, file), false), "delete"));
        files.delete(top, true);
        return String.join(" ", writes, lists, reads, deletes);
    }

    private Path start(int threads, int filesPerThread) throws IOException {
        Path top = new Path(directory, "files");
        files.delete(top, true);
        for (int number = 0; number * FILES_PER_DIRECTORY < threads * filesPerThread; number++) {
            files.mkdirs(new Path(top, Integer.toString(number)));
        }
        return top;
    }

    private static Path path(Path top, int file) {
        return new Path(top, file / FILES_PER_DIRECTORY + "/file-" + file);
    }

    private interface Action {
        void run(int number) throws Exception;
    }

    /** Has {@code count} things done, each thread taking the next one. */
    private static String time(int threads, int count, Action action) throws Exception {
        AtomicInteger next = new AtomicInteger();
        long start = System.nanoTime();
        Timing.inThreads(threads, thread -> {
            for (int number = next.getAndIncrement(); number < count; number = next.getAndIncrement()) {
                action.run(number);
            }
        });
        return Timing.perSecond(count, start);
    }

    private static void require(boolean done, String what) throws IOException {
        if (!done) {
            throw new IOException("a " + what + " was refused");
        }
    }
}
