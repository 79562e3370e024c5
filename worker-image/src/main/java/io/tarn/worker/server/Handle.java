package io.tarn.worker.server;

/** An open file of one connection; used on its event loop. */
sealed interface Handle permits ReadHandle, WriteHandle {
    void close();
}
