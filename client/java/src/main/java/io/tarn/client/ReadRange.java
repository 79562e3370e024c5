package io.tarn.client;

import java.nio.ByteBuffer;

/** A range to read: from {@code offset} on as many bytes as the buffer has room for. */
public record ReadRange(long offset, ByteBuffer into) {}
