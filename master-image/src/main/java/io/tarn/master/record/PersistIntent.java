package io.tarn.master.record;

import io.tarn.protocol.error.TarnException;

/**
 * That a worker may be about to make a file visible in a store, at the place that is this row's key.
 *
 * @param storeTag the version there that it replaces; "" = none
 */
public record PersistIntent(long inodeId, String storeTag) {
    private static final int ENCODING = 1;

    public byte[] encode() {
        return new FieldWriter(32).u8(ENCODING).varint(inodeId).text(storeTag).toBytes();
    }

    static PersistIntent read(FieldReader in) throws TarnException {
        in.version(ENCODING, "the intent of a persist");
        return new PersistIntent(in.varint(), in.text());
    }
}
