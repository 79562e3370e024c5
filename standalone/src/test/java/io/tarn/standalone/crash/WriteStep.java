package io.tarn.standalone.crash;

import io.tarn.client.CreateOptions;
import io.tarn.client.FileWriter;
import io.tarn.client.TarnClient;
import io.tarn.protocol.error.TarnException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Creates, overwrites or appends to a file, perhaps with flushes in the middle; what was flushed has to outlast a kill. For one thread. */
final class WriteStep implements Step {
    private static final int PIECE_BYTES = 1 << 20;

    private final Tree before;
    /** The store alone decides whether it is there: what was flushed is dropped with the writer. */
    private final boolean isThrough;

    private final String path;
    private final Content content;
    private final int baseBytes;
    private final @Nullable CreateOptions create;
    private final List<Integer> flushPoints;
    private final boolean durableFlush;
    /** Flush points that a kill may leave the file at: the last one answered, and those asked for since. */
    private final List<Integer> held = new ArrayList<>();

    private boolean answered;

    private WriteStep(
            Tree before,
            boolean isThrough,
            String path,
            Content content,
            int baseBytes,
            @Nullable CreateOptions create,
            List<Integer> flushPoints,
            boolean durableFlush) {
        this.before = before;
        this.isThrough = isThrough;
        this.path = path;
        this.content = content;
        this.baseBytes = baseBytes;
        this.create = create;
        this.flushPoints = flushPoints;
        this.durableFlush = durableFlush;
    }

    static WriteStep create(
            Tree before, boolean isThrough, String path, Content content, CreateOptions options, Random random) {
        return new WriteStep(
                before, isThrough, path, content, 0, options, points(0, content, random), random.nextBoolean());
    }

    /** @param content the whole file when it is closed */
    static WriteStep append(
            Tree before, boolean isThrough, String path, Content content, int baseBytes, Random random) {
        return new WriteStep(
                before,
                isThrough,
                path,
                content,
                baseBytes,
                null,
                points(baseBytes, content, random),
                random.nextBoolean());
    }

    private static List<Integer> points(int baseBytes, Content content, Random random) {
        int added = content.lengthBytes() - baseBytes;
        if (added < 2 || random.nextInt(3) != 0) {
            return List.of();
        }
        return random.ints(1 + random.nextInt(2), baseBytes + 1, content.lengthBytes())
                .sorted()
                .distinct()
                .boxed()
                .toList();
    }

    @Override
    public void run(TarnClient client) throws TarnException {
        CreateOptions options = create;
        FileWriter writer = options == null ? client.append(path) : client.create(path, options);
        try (writer) {
            int position = baseBytes;
            for (int point : flushPoints) {
                write(writer, position, point);
                position = point;
                flush(writer, point);
            }
            write(writer, position, content.lengthBytes());
        }
    }

    private void flush(FileWriter writer, int point) throws TarnException {
        if (writer.holdsFlushed()) {
            held.add(point);
            writer.flush(durableFlush);
            if (!isThrough) {
                held.retainAll(List.of(point));
                answered = true;
            }
        }
    }

    private void write(FileWriter writer, int from, int to) throws TarnException {
        for (int at = from; at < to; at += PIECE_BYTES) {
            writer.write(content.bytes(at, Math.min(PIECE_BYTES, to - at)));
        }
    }

    @Override
    public @Nullable Tree after() {
        return endingAt(content.lengthBytes());
    }

    private @Nullable Tree endingAt(int lengthBytes) {
        CreateOptions options = create;
        Content written = content.first(lengthBytes);
        return options == null
                ? before.replaceContent(path, written)
                : before.create(path, written, options.overwrite(), options.mode());
    }

    @Override
    public List<Tree> outcomes() {
        List<Tree> outcomes = new ArrayList<>();
        Tree after = after();
        if (after == null) {
            return List.of(before);
        }
        outcomes.add(after);
        if (isThrough) { // the store may have it, and nobody be left to say whose it is
            outcomes.add(Objects.requireNonNull(after.changeMode(path, Tree.ANY_MODE)));
        }
        held.forEach(point -> outcomes.add(Objects.requireNonNull(endingAt(point))));
        if (!answered) {
            outcomes.add(before);
            Tree parents = before.withParents(path);
            if (parents != null && parents != before) {
                outcomes.add(parents);
            }
        }
        return outcomes;
    }

    @Override
    public @Nullable String openFile() {
        return after() == null ? null : path;
    }

    @Override
    public String toString() {
        return (create == null ? "append to " : "write ") + path + " (" + content
                + (create == null
                        ? ""
                        : ", " + create.writeType() + (create.overwrite() ? ", overwrite" : "")
                                + (create.durable() ? ", durable" : ""))
                + (flushPoints.isEmpty() ? "" : ", flushes at " + flushPoints) + ", flushed " + held + ")";
    }
}
