package io.tarn.worker.server;

import io.tarn.worker.write.WriteSession;

/** A file being written through a connection. */
record WriteHandle(WriteSession session) implements Handle {
    @Override
    public void close() {
        session.close();
    }
}
