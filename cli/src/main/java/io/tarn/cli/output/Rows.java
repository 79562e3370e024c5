package io.tarn.cli.output;

import java.io.IOException;
import java.util.List;

/** Rows on their way out; all have fields of the same names. Close it: that ends the table or the array. */
public interface Rows extends AutoCloseable {
    /** @throws BrokenPipeException where nobody reads the output any more */
    void add(List<Field> row) throws IOException;

    @Override
    void close() throws IOException;
}
