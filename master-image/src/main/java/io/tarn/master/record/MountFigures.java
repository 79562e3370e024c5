package io.tarn.master.record;

import io.tarn.protocol.error.TarnException;

/**
 * How many rows of each kind lie on one mount, so that resolving a path looks for none where there are none.
 *
 * @param edges owned children below mirrored directories
 * @param persists intents of persists
 */
public record MountFigures(long edges, long tombstones, long overlays, long persists) {
    public static final MountFigures NONE = new MountFigures(0, 0, 0, 0);

    public byte[] encode() {
        return new FieldWriter(16)
                .varint(edges)
                .varint(tombstones)
                .varint(overlays)
                .varint(persists)
                .toBytes();
    }

    static MountFigures read(FieldReader in) throws TarnException {
        return new MountFigures(in.varint(), in.varint(), in.varint(), in.varint());
    }
}
