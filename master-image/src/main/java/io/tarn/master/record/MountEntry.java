package io.tarn.master.record;

import com.google.protobuf.InvalidProtocolBufferException;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.v1.Mount;
import io.tarn.protocol.v1.MountOptions;

/**
 * One mount as the journal keeps it, with its credentials: {@link #toMessage} is for the eyes of callers, {@link #toServerMessage} for workers.
 *
 * @param path where it stands in the namespace, as the text of a {@code TarnPath}
 * @param inodeId the owned directory that is its mount point
 * @param madeDirectory whether mounting made that directory, so that unmounting removes it
 */
public record MountEntry(
        long id, String path, String storeUri, MountOptions options, long inodeId, boolean madeDirectory) {
    private static final int ENCODING = 1;

    /** Without credentials. */
    public Mount toMessage() {
        return toServerMessage().toBuilder()
                .setOptions(options.toBuilder().clearCredentials())
                .build();
    }

    public Mount toServerMessage() {
        return Mount.newBuilder()
                .setId(id)
                .setPath(path)
                .setStoreUri(storeUri)
                .setOptions(options)
                .build();
    }

    /** Names what is mounted where; never a credential. */
    @Override
    public String toString() {
        return "mount " + id + " of " + storeUri + " on " + path;
    }

    public byte[] encode() {
        FieldWriter out = new FieldWriter();
        write(out);
        return out.toBytes();
    }

    void write(FieldWriter out) {
        out.u8(ENCODING).varint(id).text(path).text(storeUri).bytes(options.toByteArray());
        out.varint(inodeId).flag(madeDirectory);
    }

    static MountEntry read(FieldReader in) throws TarnException {
        in.version(ENCODING, "a mount");
        return new MountEntry(in.varint(), in.text(), in.text(), options(in.bytes()), in.varint(), in.flag());
    }

    private static MountOptions options(byte[] bytes) throws TarnException {
        try {
            return MountOptions.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new TarnException(ErrorCode.CORRUPT, "damaged mount options", e);
        }
    }
}
