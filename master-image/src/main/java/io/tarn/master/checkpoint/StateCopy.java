package io.tarn.master.checkpoint;

import io.tarn.protocol.error.TarnException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of a state at one moment, which stay there until it is closed. For one thread.
 *
 * @param sequence the last batch that is in it
 */
public record StateCopy(Path directory, long sequence) implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StateCopy.class);

    public List<Path> files() throws TarnException {
        try {
            return FileTree.files(directory);
        } catch (IOException e) {
            throw Checkpointer.failed("list the copied state", e);
        }
    }

    @Override
    public void close() {
        try {
            FileTree.delete(directory);
        } catch (IOException e) {
            LOG.warn("{} stays until the next start: {}", directory, e.toString());
        }
    }
}
