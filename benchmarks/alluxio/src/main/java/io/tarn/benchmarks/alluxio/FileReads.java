package io.tarn.benchmarks.alluxio;

import java.io.IOException;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Writes one file and reads it. */
final class FileReads {
    private static final int WRITE_BYTES = 1 << 20;

    private final FileSystem files;
    private final Path file;

    FileReads(FileSystem files, Path file) {
        this.files = files;
        this.file = file;
    }

    /** @return bytes a second */
    String write(long bytes) throws IOException {
        byte[] noise = new byte[WRITE_BYTES];
        new Random(42).nextBytes(noise);
        long start = System.nanoTime();
        try (FSDataOutputStream out = files.create(file, true)) {
            for (long written = 0; written < bytes; written += noise.length) {
                out.write(noise);
            }
        }
        return Timing.perSecond(bytes, start);
    }

    /** @return bytes a second */
    String read(boolean random, int pieceBytes, int threads, int millis) throws Exception {
        AtomicLong read = new AtomicLong();
        long lengthBytes = files.getFileStatus(file).getLen();
        long start = System.nanoTime();
        long end = start + millis * 1_000_000L;
        Timing.inThreads(threads, thread -> {
            byte[] buffer = new byte[pieceBytes];
            long pieces = lengthBytes / pieceBytes;
            SplittableRandom offsets = new SplittableRandom(thread);
            long piece = pieces / threads * thread;
            long mine = 0;
            try (FSDataInputStream in = files.open(file)) {
                while (System.nanoTime() < end) {
                    piece = random ? offsets.nextLong(pieces) : piece + 1 < pieces ? piece + 1 : 0;
                    if (piece * pieceBytes != in.getPos()) {
                        in.seek(piece * pieceBytes);
                    }
                    in.readFully(buffer);
                    mine += pieceBytes;
                }
            }
            read.addAndGet(mine);
        });
        return Timing.perSecond(read.get(), start);
    }
}
