package io.tarn.client;

import java.util.List;

/** Where one block is, or will be cached when read. */
public record BlockHosts(long offset, long lengthBytes, List<String> hosts) {}
