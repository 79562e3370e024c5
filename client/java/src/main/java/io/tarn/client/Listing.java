package io.tarn.client;

import io.tarn.protocol.error.TarnException;

/** A listing on its way: fetched in pages, never held whole. For one thread. */
public interface Listing extends AutoCloseable {
    boolean hasNext() throws TarnException;

    FileInfo next() throws TarnException;

    @Override
    void close();
}
