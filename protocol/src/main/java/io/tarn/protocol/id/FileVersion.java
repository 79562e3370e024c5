package io.tarn.protocol.id;

import io.tarn.protocol.v1.FileVersionId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The 128-bit identity of the immutable content of a file.
 *
 * <p>Owned data: (inode id, version number). Mirrored data: the first 128 bits of SHA-256 over (mount id, key, version tag), so cached
 * data outlives the loss of every master. Inode ids have their top bit clear and hashes have it set, so the two never meet.
 */
public record FileVersion(long high, long low) implements Comparable<FileVersion> {
    /** The version of owned data. {@code inodeId} is positive. */
    public static FileVersion owned(long inodeId, long version) {
        if (inodeId <= 0) {
            throw new IllegalArgumentException("inode id " + inodeId);
        }
        return new FileVersion(inodeId, version);
    }

    /** The version of what a mounted store holds under {@code backingPath}. */
    public static FileVersion mirrored(long mountId, String backingPath, String versionTag) {
        ByteBuffer hash = ByteBuffer.wrap(sha256(mountId + "\0" + backingPath + "\0" + versionTag));
        return new FileVersion(hash.getLong() | Long.MIN_VALUE, hash.getLong());
    }

    public boolean isMirrored() {
        return high < 0;
    }

    public FileVersionId toMessage() {
        return FileVersionId.newBuilder().setHigh(high).setLow(low).build();
    }

    public static FileVersion of(FileVersionId message) {
        return new FileVersion(message.getHigh(), message.getLow());
    }

    /** 32 lower-case hexadecimal digits, as used in file names. */
    @Override
    public String toString() {
        return hex(high) + hex(low);
    }

    /** Parses what {@link #toString()} prints. */
    public static FileVersion parse(String text) {
        if (text.length() != 32) {
            throw new IllegalArgumentException("a file version has 32 hexadecimal digits: " + text);
        }
        return new FileVersion(
                Long.parseUnsignedLong(text.substring(0, 16), 16), Long.parseUnsignedLong(text.substring(16), 16));
    }

    @Override
    public int compareTo(FileVersion other) {
        int byHigh = Long.compareUnsigned(high, other.high);
        return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
    }

    private static String hex(long value) {
        String digits = Long.toHexString(value);
        return "0".repeat(16 - digits.length()) + digits;
    }

    static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }
}
