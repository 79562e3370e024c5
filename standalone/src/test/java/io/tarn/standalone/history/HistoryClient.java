package io.tarn.standalone.history;

import io.tarn.client.ClientOptions;
import io.tarn.client.CreateOptions;
import io.tarn.client.FileReader;
import io.tarn.client.FileWriter;
import io.tarn.client.OpenOptions;
import io.tarn.client.TarnClient;
import io.tarn.client.WriteType;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.testing.history.Operation;
import io.tarn.testing.history.Operation.Kind;
import io.tarn.testing.history.Operation.Outcome;
import io.tarn.testing.history.Paths;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Does one operation after the other, and writes down what it saw. For one thread. */
final class HistoryClient implements AutoCloseable {
    private static final Duration DEADLINE = Duration.ofSeconds(8);
    private static final int LONGEST_PAUSE_MILLIS = 60;

    private final String name;
    private final TarnClient client;
    private final Paths paths;
    private final Random random;

    HistoryClient(String name, List<String> masters, Paths paths, Random random) {
        this.name = name;
        this.client = TarnClient.connect(ClientOptions.of(masters.toArray(String[]::new))
                .withDeadline(DEADLINE)
                .withLocalAccess(false, false));
        this.paths = paths;
        this.random = random;
    }

    void work(BooleanSupplier enough) throws IOException {
        while (!enough.getAsBoolean()) {
            Paths.Path path = paths.begin();
            int kind = random.nextInt(10);
            Operation seen = kind < 4
                    ? read(path.name())
                    : kind < 7 ? write(path.name(), true) : kind < 9 ? write(path.name(), false) : delete(path.name());
            if (seen != null) {
                paths.add(path, seen);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(LONGEST_PAUSE_MILLIS)));
        }
    }

    private @Nullable Operation write(String path, boolean overwrite) throws IOException {
        Kind kind = overwrite ? Kind.WRITE : Kind.CREATE;
        long value = paths.newValue();
        long startNanos = System.nanoTime();
        CreateOptions options = CreateOptions.DEFAULT.withOverwrite(overwrite).withWriteType(WriteType.MUST_CACHE);
        try {
            FileWriter writer;
            try {
                writer = client.create(path, options);
            } catch (TarnException e) {
                if (!overwrite && e.code() == ErrorCode.ALREADY_EXISTS) {
                    return new Operation(name, kind, value, Outcome.REFUSED, startNanos, System.nanoTime());
                }
                throw e;
            }
            try (writer) {
                writer.write(ByteBuffer.wrap(Worth.bytes(value)));
            }
            return new Operation(name, kind, value, Outcome.DONE, startNanos, System.nanoTime());
        } catch (TarnException e) {
            return unknown(e, kind, value, startNanos);
        }
    }

    private @Nullable Operation delete(String path) throws IOException {
        long startNanos = System.nanoTime();
        try {
            client.delete(path, false);
            return new Operation(name, Kind.DELETE, Operation.ABSENT, Outcome.DONE, startNanos, System.nanoTime());
        } catch (TarnException e) {
            if (e.code() == ErrorCode.NOT_FOUND) {
                return new Operation(
                        name, Kind.DELETE, Operation.ABSENT, Outcome.REFUSED, startNanos, System.nanoTime());
            }
            return unknown(e, Kind.DELETE, Operation.ABSENT, startNanos);
        }
    }

    /**
     * Null where somebody else was writing the file, so that nothing has happened, and nothing is known.
     *
     * @throws AssertionError for a failure that none of the faults excuses
     */
    private @Nullable Operation unknown(TarnException failure, Kind kind, long value, long startNanos) {
        if (failure.code() == ErrorCode.LEASE_CONFLICT) {
            return null;
        }
        excuse(failure);
        return Operation.unknown(name, kind, value, startNanos);
    }

    private static void excuse(TarnException failure) {
        switch (failure.code()) {
            case UNAVAILABLE, TIMEOUT, OUTCOME_UNKNOWN, NOT_LEADER, BUSY, LEASE_EXPIRED, NOT_FOUND, ALREADY_EXISTS -> {}
            default -> throw new AssertionError("no fault excuses this", failure);
        }
    }

    /** Null where it failed, which tells nothing. */
    @Nullable
    Operation read(String path) throws IOException {
        long startNanos = System.nanoTime();
        try (FileReader reader = client.open(path, OpenOptions.DEFAULT)) {
            ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(reader.info().lengthBytes()));
            while (bytes.hasRemaining()) {
                int count = reader.read(bytes.position(), bytes);
                if (count < 0) {
                    throw new AssertionError(path + " ends early, at " + bytes.position() + " of " + bytes.capacity());
                }
            }
            long value = Worth.value(path, bytes.array());
            return new Operation(name, Kind.READ, value, Outcome.DONE, startNanos, System.nanoTime());
        } catch (TarnException e) {
            if (e.code() == ErrorCode.NOT_FOUND && e.getMessage().contains(" does not exist")) {
                return new Operation(name, Kind.READ, Operation.ABSENT, Outcome.DONE, startNanos, System.nanoTime());
            }
            excuse(e);
            return null;
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
