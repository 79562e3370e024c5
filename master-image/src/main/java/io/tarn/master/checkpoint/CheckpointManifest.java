package io.tarn.master.checkpoint;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What a checkpoint consists of, so that damage is found before anything is restored. As a file, lines of text: "tarn-checkpoint 1" (the format version),
 * "sequence N", for each file "file CRC32C LENGTH NAME", and "end CRC32C" over the lines before. Immutable.
 */
record CheckpointManifest(long sequence, Map<String, Entry> files) {
    private static final String FIRST_LINE = "tarn-checkpoint 1";
    private static final String FILE_NAME = "manifest";

    record Entry(long lengthBytes, int checksum) {}

    /**
     * Describes the files of {@code state}. Files that are one with a file of the checkpoint {@code before}, being links to it, are not read again.
     *
     * @param stateBefore the files that {@code before} describes
     */
    static CheckpointManifest of(
            long sequence, Path state, @Nullable CheckpointManifest before, @Nullable Path stateBefore)
            throws IOException {
        Map<String, Entry> files = new TreeMap<>();
        for (Path file : FileTree.files(state)) {
            String name = file.getFileName().toString();
            Entry known = before == null ? null : before.files.get(name);
            if (known != null && stateBefore != null && isSame(file, stateBefore.resolve(name))) {
                files.put(name, known);
            } else {
                files.put(name, new Entry(Files.size(file), checksum(file)));
                FileTree.force(file);
            }
        }
        return new CheckpointManifest(sequence, files);
    }

    private static boolean isSame(Path file, Path before) throws IOException {
        return Files.exists(before) && Files.isSameFile(file, before);
    }

    /** @throws TarnException CORRUPT, or UNSUPPORTED for the format of a newer release */
    static CheckpointManifest read(Path checkpoint) throws IOException {
        Path file = checkpoint.resolve(FILE_NAME);
        String text = Files.readString(file, StandardCharsets.UTF_8);
        int end = text.lastIndexOf("end ");
        if (end < 0 || !text.substring(end).equals(endLine(text.substring(0, end)))) {
            throw new TarnException(ErrorCode.CORRUPT, file + " is damaged: use an older checkpoint");
        }
        String[] lines = text.substring(0, end).split("\n");
        if (lines.length < 2 || !lines[0].equals(FIRST_LINE)) {
            throw new TarnException(
                    ErrorCode.UNSUPPORTED,
                    file + " says \"" + lines[0] + "\", this release reads \"" + FIRST_LINE + "\"");
        }
        Map<String, Entry> files = new TreeMap<>();
        for (int i = 2; i < lines.length; i++) {
            String[] words = lines[i].split(" ", 4);
            files.put(words[3], new Entry(Long.parseLong(words[2]), Integer.parseUnsignedInt(words[1], 16)));
        }
        return new CheckpointManifest(Long.parseLong(lines[1].split(" ")[1]), files);
    }

    void write(Path checkpoint) throws IOException {
        StringBuilder text = new StringBuilder(FIRST_LINE)
                .append("\nsequence ")
                .append(sequence)
                .append('\n');
        files.forEach((name, entry) -> text.append("file ")
                .append(Integer.toHexString(entry.checksum))
                .append(' ')
                .append(entry.lengthBytes)
                .append(' ')
                .append(name)
                .append('\n'));
        text.append(endLine(text.toString()));
        Path file = checkpoint.resolve(FILE_NAME);
        Files.writeString(file, text, StandardCharsets.UTF_8);
        FileTree.force(file);
    }

    /** Reads every file. @throws TarnException CORRUPT naming the first file that is not as it was written */
    void verify(Path state) throws IOException {
        for (Map.Entry<String, Entry> file : files.entrySet()) {
            Path path = state.resolve(file.getKey());
            Entry entry = file.getValue();
            if (!Files.exists(path) || Files.size(path) != entry.lengthBytes || checksum(path) != entry.checksum) {
                throw new TarnException(ErrorCode.CORRUPT, path + " is missing or damaged: use an older checkpoint");
            }
        }
    }

    private static String endLine(String text) {
        CRC32C crc = new CRC32C();
        crc.update(text.getBytes(StandardCharsets.UTF_8));
        return "end " + Long.toHexString(crc.getValue()) + "\n";
    }

    private static int checksum(Path file) throws IOException {
        CRC32C crc = new CRC32C();
        ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 20);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            while (channel.read(buffer.clear()) >= 0) {
                crc.update(buffer.flip());
            }
        }
        return (int) crc.getValue();
    }
}
