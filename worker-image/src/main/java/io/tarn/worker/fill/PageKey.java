package io.tarn.worker.fill;

import io.tarn.protocol.id.FileVersion;

/** A page of a file version. */
record PageKey(FileVersion version, int page) {}
