package io.tarn.client;

/** A mounted store; its settings come without credentials. */
public record MountInfo(long id, String path, String storeUri, MountSettings settings) {}
