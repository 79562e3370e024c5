package io.tarn.hadoop;

import io.tarn.client.CreateOptions;
import io.tarn.client.WriteType;
import java.io.IOException;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.CreateFlag;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSDataOutputStreamBuilder;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.PathIOException;

/** What {@code createFile()} and {@code appendFile()} are told of a file to come. For one thread. */
final class CreateRequests extends FSDataOutputStreamBuilder<FSDataOutputStream, CreateRequests> {
    /** MUST_CACHE, CACHE_THROUGH, THROUGH or ASYNC_THROUGH, for this file. */
    static final String WRITE_TYPE = "fs.option.tarn.write.type";
    /** Whether the file is on a disk of the worker, where there is one, and fsynced when it is closed. */
    static final String DURABLE = "fs.option.tarn.durable";

    private static final Set<String> KEYS = Set.of(WRITE_TYPE, DURABLE);

    private final TarnFileSystem fileSystem;
    private final Path file;

    CreateRequests(TarnFileSystem fileSystem, Path file) {
        super(fileSystem, file);
        this.fileSystem = fileSystem;
        this.file = file;
    }

    @Override
    public CreateRequests getThisBuilder() {
        return this;
    }

    @Override
    public FSDataOutputStream build() throws IOException {
        rejectUnknownMandatoryKeys(KEYS, " for " + file);
        if (getFlags().contains(CreateFlag.APPEND)) {
            return fileSystem.append(file, getBufferSize(), getProgress());
        }
        if (!getFlags().contains(CreateFlag.CREATE) && !getFlags().contains(CreateFlag.OVERWRITE)) {
            throw new PathIOException(file.toString(), "neither create, nor overwrite, nor append is asked for");
        }
        return fileSystem.create(file, options(fileSystem.defaultWriteType()));
    }

    private CreateOptions options(WriteType otherwise) {
        Configuration given = getOptions();
        return new CreateOptions(
                given.get(WRITE_TYPE) == null ? otherwise : TarnSettings.writeType(given, WRITE_TYPE),
                getFlags().contains(CreateFlag.OVERWRITE),
                isRecursive(),
                fileSystem.masked(getPermission()),
                getBlockSize(),
                given.getBoolean(DURABLE, false));
    }
}
