package io.tarn.cli.output;

import java.io.IOException;
import java.util.List;

/** Where a command's result goes. For one thread. */
public interface Output {
    /** A result of many rows, written as they come. */
    Rows rows();

    /** A result that is one thing. */
    void one(List<Field> fields) throws IOException;

    /** What was done, for commands that have no other result: people read the sentence, programs the fields. */
    void done(String sentence, List<Field> fields) throws IOException;
}
