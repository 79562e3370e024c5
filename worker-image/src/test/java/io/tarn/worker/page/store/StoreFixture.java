package io.tarn.worker.page.store;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tarn.protocol.error.TarnException;
import io.tarn.runtime.config.DataSize;
import io.tarn.worker.page.PinnedVersions;
import io.tarn.worker.page.TierSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Directories on a tmpfs and on disk for one test, removed at its end. */
final class StoreFixture implements AutoCloseable {
    static final long MIB = 1 << 20;

    final Path mem;
    final Path ssd;
    final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    StoreFixture() throws IOException {
        Path tmpfs = Path.of("/dev/shm");
        mem = Files.isDirectory(tmpfs)
                ? Files.createTempDirectory(tmpfs, "tarn-test")
                : Files.createTempDirectory("tarn-test-mem");
        ssd = Files.createTempDirectory("tarn-test-ssd");
    }

    /** Over the directories of another process. */
    StoreFixture(Path mem, Path ssd) {
        this.mem = mem;
        this.ssd = ssd;
    }

    static TierSettings settings(List<Path> mem, long memMib, List<Path> ssd, long ssdMib) {
        return new TierSettings(
                mem,
                new DataSize(memMib * MIB),
                ssd,
                new DataSize(ssdMib * MIB),
                new DataSize(4096 * MIB),
                64,
                10_000,
                80);
    }

    TieredPageStore openMem(long memMib) throws TarnException {
        return TieredPageStore.open(settings(List.of(mem), memMib, List.of(), 1), registry);
    }

    /** Both tiers, no background moves: tests run the mover's rounds themselves. */
    TieredPageStore openIdle(long memMib, long ssdMib) throws TarnException {
        return TieredPageStore.openIdle(
                settings(List.of(mem), memMib, List.of(ssd), ssdMib),
                ReadOnlyViews.none(),
                PinnedVersions.NONE,
                registry);
    }

    TieredPageStore openBoth(long memMib, long ssdMib) throws TarnException {
        return TieredPageStore.open(settings(List.of(mem), memMib, List.of(ssd), ssdMib), registry);
    }

    double count(String meter) {
        return registry.getMeters().stream()
                .filter(candidate -> candidate.getId().getName().equals("tarn_worker_" + meter))
                .mapToDouble(candidate -> candidate.measure().iterator().next().getValue())
                .sum();
    }

    @Override
    public void close() {
        delete(mem);
        delete(ssd);
    }

    static void delete(Path root) {
        try (Stream<Path> paths = Files.walk(root)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
