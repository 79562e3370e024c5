package io.tarn.testing.s3.awssdk;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** Writes the bytes of objects and computes their entity tags as S3 does. */
final class ObjectFiles {
    private static final int BUFFER_BYTES = 1 << 17;

    private ObjectFiles() {}

    /** What was written: its length, and the MD5 of it. */
    record Written(long lengthBytes, byte[] digest) {
        String eTag() {
            return "\"" + HexFormat.of().formatHex(digest) + "\"";
        }
    }

    static Written write(Path file, InputStream content) throws IOException {
        MessageDigest digest = md5();
        long length = 0;
        byte[] buffer = new byte[BUFFER_BYTES];
        try (content;
                OutputStream out = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW)) {
            for (int read = content.read(buffer); read >= 0; read = content.read(buffer)) {
                digest.update(buffer, 0, read);
                out.write(buffer, 0, read);
                length += read;
            }
        }
        return new Written(length, digest.digest());
    }

    /** Writes the parts one after the other; the entity tag is that of the parts' digests. */
    static long join(Path file, List<Path> parts) throws IOException {
        try (FileChannel out = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (Path part : parts) {
                try (FileChannel in = FileChannel.open(part)) {
                    long position = 0;
                    while (position < in.size()) {
                        position += in.transferTo(position, in.size() - position, out);
                    }
                }
            }
            return out.size();
        }
    }

    static String joinedTag(List<byte[]> digests) {
        MessageDigest all = md5();
        digests.forEach(all::update);
        return "\"" + HexFormat.of().formatHex(all.digest()) + "-" + digests.size() + "\"";
    }

    private static MessageDigest md5() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has MD5", impossible);
        }
    }
}
