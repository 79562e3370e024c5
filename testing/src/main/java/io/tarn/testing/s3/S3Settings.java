package io.tarn.testing.s3;

import java.nio.file.Path;

/**
 * How an S3 server is started and how slow it is. Immutable; {@link #inDirectory} gives the defaults.
 *
 * @param directory where objects are kept; created if missing, and kept when the server closes
 * @param port port on the loopback interface; 0 takes a free one
 * @param accessKey the only access key id that is let in
 * @param secretKey its secret
 * @param delayMillis time that each request waits before it is served, as the first byte of a real S3 does; 0 for none
 * @param bandwidthBytesPerSecond bound on object bytes of all connections together, each way; 0 for none
 * @param recordRanges whether ranges asked for are remembered, which costs memory by request
 */
public record S3Settings(
        Path directory,
        int port,
        String accessKey,
        String secretKey,
        long delayMillis,
        long bandwidthBytesPerSecond,
        boolean recordRanges) {

    public S3Settings {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port must be 0 to 65535, is " + port);
        }
        if (delayMillis < 0 || delayMillis > 60_000) {
            throw new IllegalArgumentException("delay must be 0 to 60000 ms, is " + delayMillis);
        }
        if (bandwidthBytesPerSecond < 0) {
            throw new IllegalArgumentException("bandwidth must not be negative, is " + bandwidthBytesPerSecond);
        }
    }

    /** A free port, neither delay nor bound, and a pair of keys that is the same for every server. */
    public static S3Settings inDirectory(Path directory) {
        return new S3Settings(directory, 0, "tarn-test-access", "tarn-test-secret", 0, 0, false);
    }

    public S3Settings withPort(int newPort) {
        return new S3Settings(
                directory, newPort, accessKey, secretKey, delayMillis, bandwidthBytesPerSecond, recordRanges);
    }

    public S3Settings withDelayMillis(long newDelayMillis) {
        return new S3Settings(
                directory, port, accessKey, secretKey, newDelayMillis, bandwidthBytesPerSecond, recordRanges);
    }

    public S3Settings withBandwidth(long bytesPerSecond) {
        return new S3Settings(directory, port, accessKey, secretKey, delayMillis, bytesPerSecond, recordRanges);
    }

    public S3Settings withRecordedRanges() {
        return new S3Settings(directory, port, accessKey, secretKey, delayMillis, bandwidthBytesPerSecond, true);
    }
}
