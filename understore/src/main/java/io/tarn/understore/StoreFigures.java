package io.tarn.understore;

/** Requests and payload bytes of one kind since the start. */
public record StoreFigures(long requests, long bytes) {}
