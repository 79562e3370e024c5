package io.tarn.standalone;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tarn.client.ClientOptions;
import io.tarn.client.CreateOptions;
import io.tarn.client.FileReader;
import io.tarn.client.FileWriter;
import io.tarn.client.MountSettings;
import io.tarn.client.OpenOptions;
import io.tarn.client.TarnClient;
import io.tarn.client.WritePolicy;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.id.FileVersion;
import io.tarn.standalone.RunningCache.Run;
import io.tarn.testing.understore.StoreProbe;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Four workers, 0 and 1 in zone a, 2 and 3 in zone b; where files come to lie, and where they move to. */
@Timeout(180)
class PlacementEndToEndTest {
    private static final int FILES = 12;
    private static final int MOST_ATTEMPTS = 100;
    private static final Set<Integer> ZONE_A = Set.of(0, 1);
    private static final Set<Integer> ZONE_B = Set.of(2, 3);

    @TempDir
    Path directory;

    private final byte[] content = StoreProbe.bytes(1_300_000, 3);
    private SmallCluster cluster;

    @BeforeEach
    void start() throws Exception {
        cluster = new SmallCluster(directory, 0);
        for (int number = 0; number < 4; number++) {
            addWorker(number);
        }
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    private void addWorker(int number) throws Exception {
        String zone = ZONE_A.contains(number) ? "a" : "b";
        cluster.addWorker(
                number,
                Map.of(
                        "worker.labels",
                        "topology.kubernetes.io/zone=" + zone + ",number=" + number,
                        "worker.engine-hosts",
                        "node-" + number));
    }

    private Run ok(String... arguments) {
        Run run = tarn(arguments);
        assertEquals(0, run.status(), () -> String.join(" ", arguments) + ": " + run.err());
        return run;
    }

    private Run tarn(String... arguments) {
        return RunningCache.tarn("localhost:" + cluster.master().port(), new byte[0], arguments);
    }

    private TarnClient client(WritePolicy policy) {
        return TarnClient.connect(
                ClientOptions.of("localhost:" + cluster.master().port())
                        .withDeadline(Duration.ofSeconds(3))
                        .withLocalAccess(false, false)
                        .withWritePolicy(policy));
    }

    private void write(TarnClient client, String path) throws IOException {
        try (FileWriter writer = client.create(path, CreateOptions.DEFAULT)) {
            writer.write(ByteBuffer.wrap(content));
        }
    }

    private void requireContent(String path) throws IOException {
        ByteBuffer into = ByteBuffer.allocate(content.length);
        try (FileReader reader = cluster.client().open(path, OpenOptions.DEFAULT)) {
            while (into.hasRemaining()) {
                assertTrue(reader.read(into.position(), into) > 0);
            }
        }
        assertArrayEquals(content, into.array());
    }

    /** The numbers of the workers that have pages of a file's present version. */
    private Set<Integer> having(String path) throws IOException {
        String version = cluster.client().status(path).version();
        Set<Integer> having = new TreeSet<>();
        cluster.workers().forEach((number, worker) -> {
            boolean has = worker.pages().unpersistedVersions().stream()
                    .map(FileVersion::toString)
                    .anyMatch(version::equals);
            if (has) {
                having.add(number);
            }
        });
        return having;
    }

    private static int inZoneA(Set<Integer> workers) {
        return (int) workers.stream().filter(ZONE_A::contains).count();
    }

    private static void await(String what, Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!condition.call()) {
            assertTrue(System.nanoTime() < end, "waited in vain for: " + what);
            LockSupport.parkNanos(20_000_000);
        }
    }

    @Test
    void copiesAreInDifferentZonesAndStatusShowsThem() throws Exception {
        for (int file = 0; file < FILES; file++) {
            write(cluster.client(), "/file-" + file);
            Set<Integer> having = having("/file-" + file);
            assertEquals(2, having.size());
            assertEquals(1, inZoneA(having), having::toString);
        }
        assertTrue(ok("cluster", "status").out().contains("number=3,topology.kubernetes.io/zone=b"));
        assertTrue(ok("cluster", "status", "-o", "json")
                .out()
                .contains("\"labels\":{\"number\":\"3\",\"topology.kubernetes.io/zone\":\"b\"}"));
        cluster.lose(3);
        await("copies in both zones again", () -> {
            for (int file = 0; file < FILES; file++) {
                Set<Integer> having = having("/file-" + file);
                if (having.size() != 2 || inZoneA(having) != 1) {
                    return false;
                }
            }
            return true;
        });
    }

    @Test
    void policiesChooseTheWorkerThatIsWrittenTo() throws Exception {
        ok("fs", "mkdir", "/single");
        ok("place", "/single", "--copies", "1");
        for (int number : new int[] {0, 1, 3}) {
            try (TarnClient client = client(WritePolicy.specificHost("node-" + number))) {
                write(client, "/single/on-" + number);
                assertEquals(Set.of(number), having("/single/on-" + number));
            }
        }
        await("the master to hear what is used", () -> used() == 3);
        try (TarnClient client = client(WritePolicy.MOST_AVAILABLE_FIRST)) {
            write(client, "/single/most");
            assertEquals(Set.of(2), having("/single/most"), "all others have something");
        }
        Set<Integer> written = new TreeSet<>();
        try (TarnClient client = client(WritePolicy.ROUND_ROBIN)) {
            for (int file = 0; file < 4; file++) {
                write(client, "/single/turn-" + file);
                written.addAll(having("/single/turn-" + file));
            }
        }
        assertEquals(Set.of(0, 1, 2, 3), written);
        try (TarnClient client = client(WritePolicy.specificHost("node-9"))) {
            TarnException refused = assertThrows(TarnException.class, () -> write(client, "/nowhere"));
            assertEquals(ErrorCode.UNAVAILABLE, refused.code());
            assertTrue(refused.getMessage().contains("node-9"), refused.getMessage());
        }
        try (TarnClient client = client(WritePolicy.specificHost("node-2"))) {
            write(client, "/two");
            Set<Integer> having = having("/two");
            assertTrue(having.contains(2) && inZoneA(having) == 1, having::toString);
        }
    }

    /** How many workers say that something of their tiers is in use. */
    private long used() throws IOException {
        return cluster.client().clusterInfo().workers().stream()
                .filter(worker -> worker.tiers().stream().anyMatch(tier -> tier.usedBytes() > 0))
                .count();
    }

    @Test
    void filesAreWrittenWhereTheirDirectorySaysAndMoveWhenItSaysOtherwise() throws Exception {
        ok("fs", "mkdir", "--parents", "/results/deep");
        assertEquals(
                "/results: on workers with topology.kubernetes.io/zone=b\n",
                ok("place", "/results", "--workers", "topology.kubernetes.io/zone=b")
                        .out());
        for (int file = 0; file < FILES; file++) {
            write(cluster.client(), "/results/deep/file-" + file);
            assertEquals(ZONE_B, having("/results/deep/file-" + file));
        }
        assertTrue(ok("fs", "stat", "/results/deep/file-0").out().contains("zone=b, as /results says"));
        assertEquals(
                "/results: on workers with topology.kubernetes.io/zone=a; copies: 2\n",
                ok("place", "/results", "-w", "topology.kubernetes.io/zone=a", "-c", "2")
                        .out());
        awaitAllOn(ZONE_A);
        for (int file = 0; file < FILES; file++) {
            requireContent("/results/deep/file-" + file);
        }
        ok("place", "/results", "--workers", "any", "--copies", "4");
        awaitAllOn(Set.of(0, 1, 2, 3));
        ok("place", "/results", "--clear");
        assertTrue(ok("place", "/results", "-o", "json").out().contains("\"workers\":null"));
    }

    private void awaitAllOn(Set<Integer> workers) throws Exception {
        await("all files to be on " + workers, () -> {
            for (int file = 0; file < FILES; file++) {
                if (!having("/results/deep/file-" + file).equals(workers)) {
                    return false;
                }
            }
            return true;
        });
    }

    @Test
    void aFileThatIsRenamedToAnotherPlacementMovesThere() throws Exception {
        ok("fs", "mkdir", "/here");
        ok("fs", "mkdir", "/there");
        ok("place", "/here", "--workers", "topology.kubernetes.io/zone=a");
        ok("place", "/there", "--workers", "topology.kubernetes.io/zone=b");
        write(cluster.client(), "/here/file");
        assertEquals(ZONE_A, having("/here/file"));
        cluster.client().rename("/here/file", "/there/file", false);
        await("the file to move", () -> having("/there/file").equals(ZONE_B));
        requireContent("/there/file");
    }

    @Test
    void whereNoWorkerMatchesReadsGoOnAndWritesAreRefused() throws Exception {
        Path store = Files.createDirectory(directory.resolve("store"));
        Files.write(store.resolve("old"), content);
        cluster.client().mount("/lake", store.toUri().toString(), MountSettings.DEFAULT);
        ok("place", "/lake", "--workers", "number=7");
        requireContent("/lake/old");
        assertTrue(cluster.meters().counter("tarn.master.placement.unmatched").count() > 0);
        try (TarnClient client = client(WritePolicy.LOCAL_FIRST)) {
            TarnException refused = assertThrows(TarnException.class, () -> write(client, "/lake/new"));
            assertTrue(refused.getMessage().contains("number=7"), refused.getMessage());
        }
        assertEquals(2, tarn("place", "/lake", "--workers", "number").status());
        assertEquals(2, tarn("place", "/lake", "--copies", "17").status());
        assertEquals(2, tarn("place", "/lake", "--copies", "3", "--clear").status());
    }

    @Test
    void whatAStoreHoldsHasItsHomesOnMatchingWorkersAndIsFetchedOnce() throws Exception {
        Path store = Files.createDirectory(directory.resolve("store"));
        cluster.client().mount("/lake", store.toUri().toString(), MountSettings.DEFAULT);
        ok("place", "/lake", "--workers", "topology.kubernetes.io/zone=a,number!=0");
        // A worker that has not heard of the mount yet sends its reader to another one.
        for (int attempt = 0; ; attempt++) {
            List<Long> before = files();
            Files.write(store.resolve("old-" + attempt), content);
            requireContent("/lake/old-" + attempt);
            List<Long> after = files();
            if (after.equals(List.of(before.get(0), before.get(1) + 1, before.get(2), before.get(3)))) {
                return;
            }
            assertTrue(attempt < MOST_ATTEMPTS, () -> before + " files became " + after);
        }
    }

    private List<Long> files() {
        return IntStream.range(0, 4)
                .mapToObj(number -> Objects.requireNonNull(cluster.workers().get(number))
                        .pages()
                        .files())
                .toList();
    }
}
