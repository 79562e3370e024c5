package io.tarn.understore.hadoop;

import io.tarn.protocol.error.TarnException;
import io.tarn.understore.StoreStatus;
import io.tarn.understore.UnderStore.ByteSink;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Reads one range of one version. Used by one thread, once. */
final class HadoopReader {
    private static final int BUFFER_BYTES = 256 << 10;

    private final HadoopStore store;
    private final String path;
    private final Path file;
    private final String versionTag;

    HadoopReader(HadoopStore store, String path, Path file, String versionTag) {
        this.store = store;
        this.path = path;
        this.file = file;
        this.versionTag = versionTag;
    }

    void read(long offset, long lengthBytes, ByteSink sink) throws TarnException {
        store.session().call(path, fileSystem -> {
            requireVersion(fileSystem);
            try (FSDataInputStream input = fileSystem.open(file)) {
                input.seek(offset);
                transfer(input, lengthBytes, sink);
            } catch (FileNotFoundException e) {
                throw store.errors().changed(path, "it is gone");
            } catch (TarnException e) {
                throw e;
            } catch (IOException e) {
                // Blocks of a file that was replaced disappear under its reader.
                requireVersion(fileSystem);
                throw e;
            }
            requireVersion(fileSystem);
            return true;
        });
    }

    private void transfer(FSDataInputStream input, long lengthBytes, ByteSink sink) throws IOException {
        byte[] buffer = new byte[(int) Math.min(BUFFER_BYTES, Math.max(1, lengthBytes))];
        for (long left = lengthBytes; left > 0; ) {
            int count = input.read(buffer, 0, (int) Math.min(buffer.length, left));
            if (count < 0) {
                throw store.errors().changed(path, "it is shorter than the range asked for");
            }
            left -= count;
            store.received(count);
            sink.accept(ByteBuffer.wrap(buffer, 0, count));
        }
    }

    private void requireVersion(FileSystem fileSystem) throws IOException {
        StoreStatus now = store.files().status(fileSystem, path, file);
        if (now == null) {
            throw store.errors().changed(path, "it is gone");
        }
        if (!now.versionTag().equals(versionTag)) {
            throw store.errors()
                    .changed(path, "version " + versionTag + " was asked for and " + now.versionTag() + " is there");
        }
    }
}
