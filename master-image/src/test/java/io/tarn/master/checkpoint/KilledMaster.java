package io.tarn.master.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tarn.master.journal.embedded.JournalConfig;
import io.tarn.master.leader.Leader;
import io.tarn.master.leader.LeaderConfig;
import io.tarn.master.leader.SingleWriterLeader;
import io.tarn.master.leader.TextRecords;
import io.tarn.master.state.rocks.StateConfig;
import io.tarn.protocol.error.TarnException;
import io.tarn.runtime.config.DataSize;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/**
 * The directory of a master that was killed after three checkpoints and some more writes: the journal has segments that nobody needs, and segments with what
 * the state had not made durable.
 */
final class KilledMaster {
    static final JournalConfig SMALL_SEGMENTS = new JournalConfig(new DataSize(1L << 20));
    private static final int WRITES = 26;
    private static final int VALUE_BYTES = 100_000;

    private final Path image;
    private final long coveredSequence;

    private KilledMaster(Path image, long coveredSequence) {
        this.image = image;
        this.coveredSequence = coveredSequence;
    }

    static KilledMaster in(Path image) throws Exception {
        Path live = image.resolveSibling("live");
        try (MasterDirectory directory = open(live)) {
            long covered = 0;
            for (int phase = 0; phase < 3; phase++) {
                write(directory, phase);
                covered = directory.checkpointer().checkpoint();
            }
            write(directory, 3);
            copyTree(live, image, false);
            return new KilledMaster(image, covered);
        }
    }

    static MasterDirectory open(Path directory) throws TarnException {
        return MasterDirectory.open(
                directory, SMALL_SEGMENTS, StateConfig.DEFAULT, CheckpointConfig.DEFAULT, new SimpleMeterRegistry());
    }

    private static void write(MasterDirectory directory, int phase) throws Exception {
        try (Leader<String> leader = lead(directory)) {
            List<CompletableFuture<String>> all = new ArrayList<>();
            for (int i = 0; i < WRITES; i++) {
                all.add(leader.submit(TextRecords.put(key(phase, i), value(phase, i))));
            }
            for (CompletableFuture<String> each : all) {
                each.get();
            }
        }
    }

    /** Starts on a directory, and all that was acknowledged is there. */
    static void check(Path path) throws IOException {
        try (MasterDirectory directory = open(path);
                Leader<String> leader = lead(directory)) {
            for (int phase = 0; phase < 4; phase++) {
                for (int i = 0; i < WRITES; i++) {
                    assertEquals(value(phase, i), TextRecords.get(leader.committed(), key(phase, i)));
                }
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static Leader<String> lead(MasterDirectory directory) throws TarnException {
        return SingleWriterLeader.start(
                directory.store(),
                directory.journal(),
                new TextRecords(),
                LeaderConfig.DEFAULT,
                new SimpleMeterRegistry(),
                (what, cause) -> {});
    }

    private static String key(int phase, int index) {
        return "key-" + phase + "-" + index;
    }

    private static String value(int phase, int index) {
        return (phase + "/" + index + ".").repeat(VALUE_BYTES / 5);
    }

    /** Links what nobody writes to in place. */
    Path copyTo(Path target) throws IOException {
        Files.delete(target);
        copyTree(image, target, true);
        return target;
    }

    private static void copyTree(Path from, Path to, boolean link) throws IOException {
        List<Path> sources;
        try (Stream<Path> walk = Files.walk(from)) {
            sources = walk.filter(path -> !path.getFileName().toString().startsWith("spare"))
                    .toList();
        }
        for (Path source : sources) {
            Path copy = to.resolve(from.relativize(source).toString());
            if (Files.isDirectory(source)) {
                Files.createDirectories(copy);
            } else if (link && source.toString().endsWith(".sst")) {
                Files.createLink(copy, source);
            } else {
                Files.copy(source, copy);
            }
        }
    }

    /** Names of checkpoints, the newest first. */
    List<String> checkpoints() throws IOException {
        return names("checkpoints").reversed();
    }

    /** The largest file of a directory with these letters in its name. */
    String file(String directory, String letters) throws IOException {
        return directory + "/"
                + names(directory).stream()
                        .filter(name -> name.contains(letters))
                        .max(Comparator.comparingLong(name -> size(directory + "/" + name)))
                        .orElseThrow();
    }

    private long size(String file) {
        return image.resolve(file).toFile().length();
    }

    private List<String> names(String directory) throws IOException {
        try (Stream<Path> listing = Files.list(image.resolve(directory))) {
            return listing.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    private List<String> segments() throws IOException {
        return names("journal").stream()
                .filter(name -> name.startsWith("segment"))
                .toList();
    }

    private static long firstSequence(String segment) {
        return Long.parseLong(segment.replaceAll("\\D", ""));
    }

    String newestSegment() throws IOException {
        return "journal/" + segments().getLast();
    }

    /** The first one whose batches all came after the newest checkpoint, and not the newest segment. */
    String neededSegment() throws IOException {
        String needed = segments().stream()
                .filter(segment -> firstSequence(segment) > coveredSequence)
                .findFirst()
                .orElseThrow();
        assertEquals(true, !needed.equals(segments().getLast()), "needed: " + needed + " of " + segments());
        return "journal/" + needed;
    }

    String unneededSegment() throws IOException {
        assertEquals(true, firstSequence(segments().get(1)) <= coveredSequence, "segments: " + segments());
        return "journal/" + segments().getFirst();
    }

    /** Where the frame of the last batch begins; frames begin with B4 7C F7 A1. */
    long lastBatchOffset() throws IOException {
        byte[] content = Files.readAllBytes(image.resolve(newestSegment()));
        for (int at = (content.length - 4) / 8 * 8; at > 0; at -= 8) {
            if (java.nio.ByteBuffer.wrap(content).getInt(at) == 0xB47C_F7A1) {
                return at;
            }
        }
        throw new AssertionError("no batch in " + newestSegment());
    }
}
