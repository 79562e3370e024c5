package io.tarn.master.checkpoint;

import io.tarn.protocol.error.TarnException;
import java.nio.file.Path;

/** From where a master gets a state that its own disk has not: another master. */
public interface StateSource {
    /**
     * Fills {@code directory}, which does not exist yet, with the files of a checkpoint.
     *
     * @return the sequence that it holds
     * @throws NoStateGivenException where nobody does
     */
    long fetch(Path directory) throws TarnException;
}
