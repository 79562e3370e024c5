package io.tarn.client;

/**
 * What a look at something that the cluster needs has found.
 *
 * @param check what was looked at, as "etcd space"
 * @param advice what to do; empty where all is well
 * @param failing whether something does not work already
 */
public record HealthFinding(String check, String found, String advice, boolean failing) {}
