package io.tarn.master.backup;

import io.tarn.master.checkpoint.FileTree;
import io.tarn.master.checkpoint.MasterDirectory;
import io.tarn.master.journal.embedded.DirectoryLock;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.runtime.directory.PrivateDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A master's directory that is about to be filled from a backup. For one thread. */
final class RestoredDirectory {
    private static final String BUILDING = "restoring";
    private static final String REPLACED = "replaced-";
    /** A new file system is not empty either, nor is a directory that was locked. */
    private static final Set<String> NOBODYS = Set.of("lost+found", "lock", BUILDING);

    private final Path directory;

    RestoredDirectory(Path directory) {
        this.directory = directory;
    }

    /** Claims the directory, which is made where it does not exist. */
    Claim claim(boolean force) throws IOException {
        refuseDataDirectory();
        PrivateDirectory.create(directory);
        List<Path> present = present();
        if (!present.isEmpty() && !force) {
            throw new TarnException(
                    ErrorCode.ALREADY_EXISTS,
                    directory + " is not empty (" + present.getFirst().getFileName()
                            + "); restore into an empty directory, or with --force, which moves what a master left there to "
                            + REPLACED + "N");
        }
        Path journal = MasterDirectory.journal(directory);
        DirectoryLock lock = DirectoryLock.take(Files.exists(journal) ? journal : directory);
        try {
            Path building = directory.resolve(BUILDING);
            FileTree.delete(building);
            PrivateDirectory.create(building);
            return new Claim(building, lock);
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    private void refuseDataDirectory() throws TarnException {
        Path master = directory.resolve("master");
        if (Files.exists(MasterDirectory.journal(master))) {
            throw new TarnException(
                    ErrorCode.INVALID_ARGUMENT,
                    directory + " is the data directory of tarn standalone; name the master's, " + master);
        }
    }

    private List<Path> present() throws IOException {
        try (Stream<Path> listing = Files.list(directory)) {
            return listing.filter(path -> {
                        String name = path.getFileName().toString();
                        return !NOBODYS.contains(name) && !name.startsWith(REPLACED);
                    })
                    .sorted()
                    .toList();
        }
    }

    /** While it is open no master can use the directory. */
    final class Claim implements AutoCloseable {
        private final Path building;
        private final DirectoryLock lock;

        private Claim(Path building, DirectoryLock lock) {
            this.building = building;
            this.lock = lock;
        }

        Path building() {
            return building;
        }

        /** Gives what was built its names. @return where the files are that had them, or null */
        @Nullable
        Path finish() throws IOException {
            Path replaced = moveAside();
            // The journal comes last: without it a state is no state that a master would start with.
            for (Path part : MasterDirectory.parts(building)) {
                if (!Files.exists(part)) {
                    continue;
                }
                FileTree.force(part);
                Files.move(part, directory.resolve(part.getFileName()));
            }
            FileTree.force(directory);
            FileTree.delete(building);
            return replaced;
        }

        private @Nullable Path moveAside() throws IOException {
            List<Path> old = present().stream()
                    .filter(path -> MasterDirectory.isPart(path.getFileName().toString()))
                    .toList();
            if (old.isEmpty()) {
                return null;
            }
            int number = 1;
            while (Files.exists(directory.resolve(REPLACED + number))) {
                number++;
            }
            Path replaced = directory.resolve(REPLACED + number);
            PrivateDirectory.create(replaced);
            for (Path path : old) {
                Files.move(path, replaced.resolve(path.getFileName()));
            }
            return replaced;
        }

        @Override
        public void close() {
            lock.close();
        }
    }
}
