package io.tarn.understore;

/**
 * What a store can do by itself.
 *
 * @param atomicRename renames files and directories atomically
 * @param realDirectories directories exist by themselves, empty ones too
 * @param keepsOwnerAndMode owner, group and mode survive
 * @param conditionalWrites a commit can demand that the target is absent or a given version
 * @param conditionalReads a read can demand a version by itself; else the adapter looks before and after
 */
public record Capabilities(
        boolean atomicRename,
        boolean realDirectories,
        boolean keepsOwnerAndMode,
        boolean conditionalWrites,
        boolean conditionalReads) {}
