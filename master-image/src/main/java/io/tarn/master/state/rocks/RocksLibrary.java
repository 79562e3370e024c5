package io.tarn.master.state.rocks;

import java.io.IOException;
import java.nio.file.Path;
import org.rocksdb.NativeLibraryLoader;
import org.rocksdb.RocksDB;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * RocksDB's native library, which its jar brings and the JVM loads from a file. The file is put beside the state, where the next process replaces it: in the directory
 * for temporary files, where RocksDB puts it by itself, each killed process would leave 17 MB for ever. Stateless.
 */
final class RocksLibrary {
    private static final Logger LOG = LoggerFactory.getLogger(RocksLibrary.class);

    private RocksLibrary() {}

    /** @param directory exists; used where this process has not loaded the library yet */
    static void load(Path directory) {
        try {
            NativeLibraryLoader.getInstance().loadLibrary(directory.toString());
        } catch (IOException | UnsatisfiedLinkError e) {
            LOG.warn(
                    "RocksDB's library cannot be loaded from {}, and goes to the directory for temporary files: {}",
                    directory,
                    e.getMessage());
        }
        RocksDB.loadLibrary();
    }
}
