package io.tarn.master.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The checkpoints of one master: a directory each, named after its sequence, with a manifest and the state's files; one that is being made has another name.
 * For one thread.
 */
final class CheckpointDirectory {
    private static final String UNFINISHED = "unfinished";
    private static final String STATE = "state";

    private final Path root;

    CheckpointDirectory(Path root) {
        this.root = root;
    }

    /** One finished checkpoint. */
    record Checkpoint(long sequence, Path path) {
        Path state() {
            return path.resolve(STATE);
        }

        CheckpointManifest manifest() throws IOException {
            return CheckpointManifest.read(path);
        }
    }

    /** What fills the state's files of a new checkpoint, and says which sequence they hold. */
    interface Source {
        long writeTo(Path directory) throws IOException;
    }

    List<Checkpoint> newestFirst() throws IOException {
        if (!Files.exists(root)) {
            return List.of();
        }
        try (Stream<Path> listing = Files.list(root)) {
            return listing.filter(path -> path.getFileName().toString().matches("\\d{20}"))
                    .map(path ->
                            new Checkpoint(Long.parseLong(path.getFileName().toString()), path))
                    .sorted(Comparator.comparingLong(Checkpoint::sequence).reversed())
                    .toList();
        }
    }

    /** Makes a checkpoint, durable when this returns. */
    Checkpoint add(Source source) throws IOException {
        Files.createDirectories(root);
        Path unfinished = root.resolve(UNFINISHED);
        FileTree.delete(unfinished);
        Files.createDirectory(unfinished);
        Path state = unfinished.resolve(STATE);
        long sequence = source.writeTo(state);
        Checkpoint newest = newestReadable();
        CheckpointManifest manifest = CheckpointManifest.of(
                sequence, state, newest == null ? null : newest.manifest(), newest == null ? null : newest.state());
        FileTree.force(state);
        manifest.write(unfinished);
        FileTree.force(unfinished);
        Checkpoint added = new Checkpoint(sequence, root.resolve(String.format(Locale.ROOT, "%020d", sequence)));
        FileTree.delete(added.path());
        Files.move(unfinished, added.path(), StandardCopyOption.ATOMIC_MOVE);
        FileTree.force(root);
        return added;
    }

    void delete(Checkpoint checkpoint) throws IOException {
        // The name goes first: half a checkpoint must never look like a whole one.
        Path unfinished = root.resolve(UNFINISHED);
        FileTree.delete(unfinished);
        Files.move(checkpoint.path(), unfinished, StandardCopyOption.ATOMIC_MOVE);
        FileTree.delete(unfinished);
    }

    private @Nullable Checkpoint newestReadable() throws IOException {
        for (Checkpoint checkpoint : newestFirst()) {
            try {
                checkpoint.manifest();
                return checkpoint;
            } catch (IOException e) {
                continue;
            }
        }
        return null;
    }
}
