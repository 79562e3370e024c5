package io.tarn.testing.understore;

import io.tarn.protocol.error.TarnException;
import io.tarn.understore.CreateOptions;
import io.tarn.understore.RequestFigures;
import io.tarn.understore.StoreStatus;
import io.tarn.understore.StoreWriter;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/** Collects a file's bytes until commit. Used by one thread at a time. */
final class MemoryWriter implements StoreWriter {
    private final String path;
    private final CreateOptions options;
    private final MemoryTree tree;
    private final RequestFigures figures;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private boolean ended;

    MemoryWriter(String path, CreateOptions options, MemoryTree tree, RequestFigures figures) {
        this.path = path;
        this.options = options;
        this.tree = tree;
        this.figures = figures;
    }

    @Override
    public void write(ByteBuffer more) {
        byte[] copy = new byte[more.remaining()];
        more.get(copy);
        bytes.writeBytes(copy);
        figures.bytes("put", copy.length);
    }

    @Override
    public long lengthBytes() {
        return bytes.size();
    }

    @Override
    public StoreStatus commit() throws TarnException {
        if (ended) {
            throw new IllegalStateException("commit of a file that was committed or aborted");
        }
        ended = true;
        return tree.put(path, bytes.toByteArray(), options);
    }

    @Override
    public void abort() {
        ended = true;
    }

    @Override
    public void close() {
        abort();
    }
}
