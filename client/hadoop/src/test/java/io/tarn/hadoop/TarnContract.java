package io.tarn.hadoop;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.contract.AbstractFSContract;

/** What Hadoop's suites are told of a directory of {@code tarn://}. */
final class TarnContract extends AbstractFSContract {
    private final Path directory;

    /** @param directory exists, or its parent does */
    TarnContract(Configuration configuration, Path directory) {
        super(configuration);
        addConfResource("contract/tarn.xml");
        this.directory = directory;
    }

    @Override
    public FileSystem getTestFileSystem() throws IOException {
        return directory.getFileSystem(getConf());
    }

    @Override
    public String getScheme() {
        return TarnFileSystem.SCHEME;
    }

    @Override
    public Path getTestPath() {
        return directory;
    }
}
