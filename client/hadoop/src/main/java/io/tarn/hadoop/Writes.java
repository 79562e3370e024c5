package io.tarn.hadoop;

import io.tarn.client.CreateOptions;
import io.tarn.client.FileWriter;
import io.tarn.client.TarnClient;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.io.IOException;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileSystem;
import org.jspecify.annotations.Nullable;

/** Opens files for writing, with Hadoop's exceptions. Safe for many threads. */
final class Writes {
    private final TarnClient client;
    private final FileSystem.@Nullable Statistics statistics;

    Writes(TarnClient client, FileSystem.@Nullable Statistics statistics) {
        this.client = client;
        this.statistics = statistics;
    }

    FSDataOutputStream create(String name, CreateOptions options) throws IOException {
        try {
            return new FSDataOutputStream(new TarnOutputStream(name, client.create(name, options), statistics), null);
        } catch (TarnException e) {
            if (e.code() == ErrorCode.IS_A_DIRECTORY) {
                throw (IOException) new FileAlreadyExistsException(name + " is a directory").initCause(e);
            }
            throw HadoopErrors.of(name, e);
        }
    }

    /** The stream's position begins at the file's present length. */
    FSDataOutputStream append(String name) throws IOException {
        try {
            FileWriter writer = client.append(name);
            return new FSDataOutputStream(new TarnOutputStream(name, writer, statistics), null, writer.position());
        } catch (TarnException e) {
            throw HadoopErrors.whenLooking(name, e);
        }
    }

    void truncate(String name, long lengthBytes) throws IOException {
        if (lengthBytes < 0) {
            throw new IllegalArgumentException("a length of " + lengthBytes + " for " + name);
        }
        try {
            var unused = client.truncate(name, lengthBytes);
        } catch (TarnException e) {
            throw HadoopErrors.whenLooking(name, e);
        }
    }
}
