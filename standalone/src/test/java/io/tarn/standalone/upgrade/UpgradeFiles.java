package io.tarn.standalone.upgrade;

import io.tarn.client.CreateOptions;
import io.tarn.client.FileReader;
import io.tarn.client.FileWriter;
import io.tarn.client.OpenOptions;
import io.tarn.client.TarnClient;
import io.tarn.client.WriteType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;

/** Files, directories and links that are made step by step, and looked at as a whole. For one thread. */
final class UpgradeFiles {
    private static final int LONGEST_BYTES = 3 << 20;
    private static final CreateOptions CACHED = CreateOptions.DEFAULT.withWriteType(WriteType.MUST_CACHE);

    private final TarnClient client;
    private int steps;

    UpgradeFiles(TarnClient client) {
        this.client = client;
    }

    /** One of each. */
    void write() throws IOException {
        String top = top(steps);
        client.makeDirectory(top, false, false, 0751);
        try (FileWriter writer = client.create(top + "/written", CACHED)) {
            writer.write(ByteBuffer.wrap(content(steps)));
        }
        client.rename(top + "/written", top + "/file", false);
        client.makeDirectory(top + "/deleted", false, false, 0755);
        client.delete(top + "/deleted", false);
        client.createLink(top + "/link", "file", false);
        steps++;
    }

    /** @throws AssertionError where anything is not as it was made */
    void check() throws IOException {
        for (int step = 0; step < steps; step++) {
            String top = top(step);
            require(client.status(top).mode() == 0751, top + " has another mode");
            require(client.statusOrNull(top + "/deleted") == null, top + "/deleted is there again");
            require(client.statusOrNull(top + "/written") == null, top + "/written is there again");
            require(Arrays.equals(content(step), read(top + "/file")), top + "/file has other bytes");
            require(Arrays.equals(content(step), read(top + "/link")), top + "/link leads elsewhere");
        }
    }

    private static String top(int step) {
        return "/step-" + step;
    }

    private static byte[] content(int step) {
        Random random = new Random(step);
        byte[] bytes = new byte[1 + random.nextInt(step % 8 == 0 ? LONGEST_BYTES : 2_000)];
        random.nextBytes(bytes);
        return bytes;
    }

    private byte[] read(String path) throws IOException {
        try (FileReader reader = client.open(path, OpenOptions.DEFAULT)) {
            ByteBuffer bytes = ByteBuffer.allocate((int) reader.info().lengthBytes());
            while (bytes.hasRemaining()) {
                reader.read(bytes.position(), bytes);
            }
            return bytes.array();
        }
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }
}
