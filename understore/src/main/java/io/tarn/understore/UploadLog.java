package io.tarn.understore;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The uploads that this process has begun and not ended, so that what a killed process left in stores is removed at the next start. A file of one
 * line each in the process's directory, {@code + number store upload} or {@code - number}, locked by the process. Safe for many threads.
 */
public final class UploadLog implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(UploadLog.class);
    private static final String FILE = "uploads.log";
    private static final int FEW_LINES = 10_000;

    private final @Nullable FileChannel channel;
    private final Map<Long, Upload> open = new TreeMap<>();
    private final List<Upload> leftovers = new ArrayList<>();
    private long last;
    private long lines;

    /**
     * An upload that may have left something.
     *
     * @param upload in the words of the store's adapter
     */
    record Upload(long number, String storeUri, String upload) {}

    private UploadLog(@Nullable FileChannel channel) {
        this.channel = channel;
    }

    /** For processes that leave nothing to a next one, such as tests. */
    public static UploadLog none() {
        return new UploadLog(null);
    }

    /** @throws TarnException INVALID_ARGUMENT where the directory cannot be used, or another process uses it */
    public static UploadLog open(Path directory) throws TarnException {
        Path file = directory.resolve(FILE);
        try {
            Files.createDirectories(directory);
            FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            UploadLog uploads = new UploadLog(channel);
            try {
                uploads.lock(file);
                uploads.recover(Files.readString(file, StandardCharsets.ISO_8859_1));
                return uploads;
            } catch (IOException | RuntimeException e) {
                channel.close();
                throw e;
            }
        } catch (TarnException e) {
            throw e;
        } catch (IOException e) {
            throw new TarnException(
                    ErrorCode.INVALID_ARGUMENT,
                    file + " cannot be read and written (" + e + "); choose a directory that this process may write",
                    e);
        }
    }

    private void lock(Path file) throws IOException {
        try {
            if (channel == null || channel.tryLock() != null) {
                return;
            }
        } catch (OverlappingFileLockException e) {
            log.debug("{} is locked in this process", file, e);
        }
        throw new TarnException(
                ErrorCode.INVALID_ARGUMENT,
                file + " is in use: another Tarn process has the same directory; give each its own");
    }

    /** A last line that is not whole was being written when the process ended: nothing had been sent for it yet. Damaged lines are passed over. */
    private void recover(String text) throws IOException {
        for (String line : text.substring(0, text.lastIndexOf('\n') + 1).split("\n", -1)) {
            try {
                take(line.split(" ", -1));
            } catch (IllegalArgumentException e) {
                log.warn("a damaged line of {} is passed over; what it names may be left in its store: {}", FILE, line);
            }
        }
        leftovers.addAll(open.values());
        rewrite();
    }

    private void take(String[] words) {
        if (words.length == 4 && words[0].equals("+")) {
            long number = Long.parseLong(words[1]);
            open.put(number, new Upload(number, decode(words[2]), decode(words[3])));
            last = Math.max(last, number);
        } else if (words.length == 2 && words[0].equals("-")) {
            open.remove(Long.parseLong(words[1]));
        }
    }

    /** What earlier processes left in a store; given once. */
    synchronized List<Upload> takeLeftovers(String storeUri) {
        List<Upload> taken = leftovers.stream()
                .filter(upload -> upload.storeUri().equals(storeUri))
                .toList();
        leftovers.removeAll(taken);
        return taken;
    }

    /**
     * Notes an upload before anything of it is in the store.
     *
     * @param durable it survives a power cut; else the end of the process
     * @return its number, for {@link #end}
     * @throws TarnException NO_SPACE where it cannot be noted: nothing may be sent then
     */
    public synchronized long begin(String storeUri, String upload, boolean durable) throws TarnException {
        long number = ++last;
        note(new Upload(number, storeUri, upload), durable);
        return number;
    }

    /** Says more about an upload that has begun. */
    public synchronized void change(long number, String upload, boolean durable) throws TarnException {
        Upload known = open.get(number);
        if (known != null) {
            note(new Upload(number, known.storeUri(), upload), durable);
        }
    }

    private void note(Upload upload, boolean durable) throws TarnException {
        open.put(upload.number(), upload);
        try {
            append("+ " + upload.number() + " " + encode(upload.storeUri()) + " " + encode(upload.upload()) + "\n");
            if (durable && channel != null) {
                channel.force(false);
            }
        } catch (IOException e) {
            throw new TarnException(
                    ErrorCode.NO_SPACE, "an upload cannot be noted in " + FILE + " of this process: " + e, e);
        }
    }

    /** Nothing of the upload is left but what was meant to stay. */
    public synchronized void end(long number) {
        if (open.remove(number) != null) {
            try {
                append("- " + number + "\n");
            } catch (IOException e) {
                log.warn("the next start will look for remains of an upload that has ended: {}", e.toString());
            }
        }
    }

    private void append(String line) throws IOException {
        if (channel == null) {
            return;
        }
        if (++lines > FEW_LINES && lines > 4L * open.size()) {
            rewrite();
        } else {
            write(line, channel.size());
        }
    }

    /** What is still open is written over the beginning, then the rest is cut off: at each moment every open upload is named. */
    private void rewrite() throws IOException {
        if (channel == null) {
            return;
        }
        StringBuilder text = new StringBuilder();
        open.values()
                .forEach(upload -> text.append("+ ")
                        .append(upload.number())
                        .append(' ')
                        .append(encode(upload.storeUri()))
                        .append(' ')
                        .append(encode(upload.upload()))
                        .append('\n'));
        if (text.length() <= channel.size()) {
            write(text.toString(), 0);
            channel.truncate(text.length());
        }
        lines = open.size();
    }

    private void write(String text, long position) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
        while (channel != null && bytes.hasRemaining()) {
            channel.write(bytes, position + bytes.position());
        }
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    @Override
    public synchronized void close() throws IOException {
        if (channel != null) {
            channel.close();
        }
    }
}
