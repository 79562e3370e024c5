package io.tarn.master.record;

import io.tarn.protocol.error.TarnException;

/**
 * A worker that belongs to the cluster, whether it is up or not.
 *
 * @param leaving it is to be let go
 */
public record KnownWorker(String place, long joinedMillis, boolean leaving) {
    byte[] encode() {
        return new FieldWriter().text(place).varint(joinedMillis).flag(leaving).toBytes();
    }

    static KnownWorker read(FieldReader in) throws TarnException {
        return new KnownWorker(in.text(), in.varint(), in.flag());
    }
}
