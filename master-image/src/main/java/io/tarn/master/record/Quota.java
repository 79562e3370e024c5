package io.tarn.master.record;

import io.tarn.protocol.error.TarnException;

/** How much may count below a directory, each at least 0; {@link #UNLIMITED}: as much as comes. */
public record Quota(long maxInodes, long maxBytes) {
    public static final long UNLIMITED = -1;
    public static final Quota NONE = new Quota(UNLIMITED, UNLIMITED);

    private static final int ENCODING = 1;

    public boolean isNone() {
        return equals(NONE);
    }

    byte[] encode() {
        FieldWriter out = new FieldWriter(20);
        write(out);
        return out.toBytes();
    }

    void write(FieldWriter out) {
        out.u8(ENCODING).varint(maxInodes + 1).varint(maxBytes + 1);
    }

    static Quota read(FieldReader in) throws TarnException {
        in.version(ENCODING, "a quota");
        return new Quota(in.varint() - 1, in.varint() - 1);
    }
}
