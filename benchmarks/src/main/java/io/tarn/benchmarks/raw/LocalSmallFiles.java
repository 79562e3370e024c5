package io.tarn.benchmarks.raw;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** Small files in a local directory: no fsync, as the kernel does it. Not thread-safe. */
public final class LocalSmallFiles {
    private static final int FILES_PER_DIRECTORY = 1000;
    private static final double NANOS_PER_SECOND = 1e9;

    private final Path directory;
    private final int threads;

    public LocalSmallFiles(Path directory, int threads) {
        this.directory = directory;
        this.threads = threads;
    }

    private interface Action {
        void run(int number) throws IOException;
    }

    /** @return files a second: written, listed (with their attributes), read, deleted */
    public List<Double> run(int count, int fileBytes) throws Exception {
        int directories = (count + FILES_PER_DIRECTORY - 1) / FILES_PER_DIRECTORY;
        for (int number = 0; number < directories; number++) {
            Files.createDirectories(directory.resolve(Integer.toString(number)));
        }
        byte[] content = new byte[fileBytes];
        List<Double> rates = new ArrayList<>();
        rates.add(count / seconds(count, number -> Files.write(file(number), content)));
        rates.add(count / seconds(directories, this::list));
        rates.add(count / seconds(count, number -> Files.readAllBytes(file(number))));
        rates.add(count / seconds(count, number -> Files.delete(file(number))));
        return rates;
    }

    private Path file(int number) {
        return directory.resolve(number / FILES_PER_DIRECTORY + "/file-" + number);
    }

    private void list(int number) throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve(Integer.toString(number)))) {
            for (Path file : files.toList()) {
                var unused = Files.readAttributes(file, BasicFileAttributes.class);
            }
        }
    }

    private double seconds(int count, Action action) throws Exception {
        AtomicInteger next = new AtomicInteger();
        long start = System.nanoTime();
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            List<Future<Boolean>> running = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                running.add(pool.submit((Callable<Boolean>) () -> {
                    for (int number = next.getAndIncrement(); number < count; number = next.getAndIncrement()) {
                        action.run(number);
                    }
                    return true;
                }));
            }
            for (Future<Boolean> each : running) {
                each.get();
            }
        }
        return (System.nanoTime() - start) / NANOS_PER_SECOND;
    }
}
