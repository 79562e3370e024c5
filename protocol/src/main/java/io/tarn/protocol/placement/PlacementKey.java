package io.tarn.protocol.placement;

import io.tarn.protocol.id.FileVersion;

/** What is placed, spread over 64 bits: a whole file version, whose copies lie together, or one of its blocks, which has a home of its own. */
public record PlacementKey(long hash) {
    private static final long WHOLE_VERSION = -1;

    public static PlacementKey ofVersion(FileVersion version) {
        return of(version, WHOLE_VERSION);
    }

    /** @param blockIndex 0 for the first */
    public static PlacementKey ofBlock(FileVersion version, long blockIndex) {
        if (blockIndex < 0) {
            throw new IllegalArgumentException("block index " + blockIndex);
        }
        return of(version, blockIndex);
    }

    private static PlacementKey of(FileVersion version, long part) {
        return new PlacementKey(mix(mix(mix(version.high()) ^ version.low()) ^ part));
    }

    /** The finalizer of SplitMix64: each bit of the input moves each bit of the result. Part of the protocol: it never changes. */
    static long mix(long value) {
        long mixed = value + 0x9e3779b97f4a7c15L;
        mixed = (mixed ^ (mixed >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        return mixed ^ (mixed >>> 31);
    }
}
