package io.tarn.master.record;

import io.tarn.protocol.error.TarnException;

/**
 * What counts below a directory: complete owned files and directories, itself not.
 *
 * @param inodes files, directories and links
 * @param bytes lengths of the files, whatever the number of copies
 */
public record Usage(long inodes, long bytes) {
    public static final Usage NONE = new Usage(0, 0);

    private static final int ENCODING = 1;

    public Usage plus(Usage other) {
        return new Usage(inodes + other.inodes, bytes + other.bytes);
    }

    public Usage minus(Usage other) {
        return new Usage(inodes - other.inodes, bytes - other.bytes);
    }

    byte[] encode() {
        return new FieldWriter(12).u8(ENCODING).varint(inodes).varint(bytes).toBytes();
    }

    static Usage read(FieldReader in) throws TarnException {
        in.version(ENCODING, "a usage");
        return new Usage(in.varint(), in.varint());
    }
}
