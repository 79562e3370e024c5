package io.tarn.testing.s3.awssdk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The list of a bucket's changes, one line each, from which a server that starts again knows its objects. A line that a kill has torn is ignored. Not
 * thread-safe.
 */
final class BucketLog implements AutoCloseable {
    private static final String PUT = "put";
    private static final String DELETE = "delete";
    private static final int FIXED_FIELDS = 7;

    private final FileChannel channel;

    private BucketLog(FileChannel channel) {
        this.channel = channel;
    }

    /** Opens the log, telling what it holds in order. */
    static BucketLog open(Path file, Consumer<StoredObject> put, Consumer<String> delete) throws IOException {
        if (Files.exists(file)) {
            String text = Files.readString(file, StandardCharsets.UTF_8);
            int end = text.lastIndexOf('\n') + 1;
            text.substring(0, end).lines().forEach(line -> replay(fields(line), put, delete));
            Files.writeString(file, text.substring(0, end), StandardCharsets.UTF_8);
        }
        return new BucketLog(FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND));
    }

    void put(StoredObject object) throws IOException {
        List<String> fields = new ArrayList<>(List.of(
                PUT,
                object.key(),
                object.fileName(),
                Long.toString(object.lengthBytes()),
                object.eTag(),
                Long.toString(object.modified().toEpochMilli()),
                object.contentType() == null ? "" : object.contentType()));
        object.userMetadata().forEach((name, value) -> {
            fields.add(name);
            fields.add(value);
        });
        append(fields);
    }

    void delete(String key) throws IOException {
        append(List.of(DELETE, key));
    }

    private void append(List<String> fields) throws IOException {
        StringBuilder line = new StringBuilder();
        for (String field : fields) {
            line.append(escape(field)).append('\t');
        }
        line.setCharAt(line.length() - 1, '\n');
        ByteBuffer bytes = StandardCharsets.UTF_8.encode(line.toString());
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private static void replay(List<String> fields, Consumer<StoredObject> put, Consumer<String> delete) {
        if (fields.getFirst().equals(DELETE)) {
            delete.accept(fields.get(1));
            return;
        }
        Map<String, String> metadata = new HashMap<>();
        for (int index = FIXED_FIELDS; index + 1 < fields.size(); index += 2) {
            metadata.put(fields.get(index), fields.get(index + 1));
        }
        put.accept(new StoredObject(
                fields.get(1),
                fields.get(2),
                Long.parseLong(fields.get(3)),
                fields.get(4),
                Instant.ofEpochMilli(Long.parseLong(fields.get(5))),
                nullIfEmpty(fields.get(6)),
                metadata));
    }

    private static @Nullable String nullIfEmpty(String text) {
        return text.isEmpty() ? null : text;
    }

    private static List<String> fields(String line) {
        List<String> fields = new ArrayList<>();
        for (String field : line.split("\t", -1)) {
            fields.add(unescape(field));
        }
        return fields;
    }

    private static String escape(String field) {
        return field.replace("\\", "\\\\")
                .replace("\n", "\\n")
                .replace("\r", "\\r")
                .replace("\t", "\\t");
    }

    private static String unescape(String field) {
        StringBuilder text = new StringBuilder();
        for (int index = 0; index < field.length(); index++) {
            char character = field.charAt(index);
            if (character == '\\') {
                index++;
                character = switch (field.charAt(index)) {
                    case 'n' -> '\n';
                    case 'r' -> '\r';
                    case 't' -> '\t';
                    default -> field.charAt(index);
                };
            }
            text.append(character);
        }
        return text.toString();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
