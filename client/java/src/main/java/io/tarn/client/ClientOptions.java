package io.tarn.client;

import io.tarn.protocol.master.MasterAddress;
import java.time.Duration;
import java.util.List;

/**
 * How to reach a cluster.
 *
 * @param masters host:port of each master; a name with several addresses, as that of a headless service, stands for a master at each
 * @param user the user's name; simple mode believes it
 * @param deadline how long a call is retried before it fails
 * @param useSocket read through the local worker's Unix socket where there is one
 * @param useDescriptors read through descriptors that the local worker hands out, where it does
 * @param hedgeAfter how long nothing may come of a read until another worker is asked for what it has cached; zero: none is asked
 * @param writePolicy which worker new files are written to
 */
public record ClientOptions(
        List<String> masters,
        String user,
        Duration deadline,
        boolean useSocket,
        boolean useDescriptors,
        Duration hedgeAfter,
        WritePolicy writePolicy) {
    public static final int DEFAULT_MASTER_PORT = MasterAddress.DEFAULT_PORT;
    public static final Duration DEFAULT_DEADLINE = Duration.ofSeconds(60);
    public static final Duration DEFAULT_HEDGE_AFTER = Duration.ofMillis(200);

    public ClientOptions {
        if (hedgeAfter.isNegative()) {
            throw new IllegalArgumentException("to hedge after less than no time: " + hedgeAfter);
        }
    }

    public static ClientOptions of(String... masters) {
        return new ClientOptions(
                List.of(masters),
                System.getProperty("user.name", "nobody"),
                DEFAULT_DEADLINE,
                true,
                true,
                DEFAULT_HEDGE_AFTER,
                WritePolicy.LOCAL_FIRST);
    }

    public ClientOptions withUser(String newUser) {
        return new ClientOptions(masters, newUser, deadline, useSocket, useDescriptors, hedgeAfter, writePolicy);
    }

    public ClientOptions withDeadline(Duration newDeadline) {
        return new ClientOptions(masters, user, newDeadline, useSocket, useDescriptors, hedgeAfter, writePolicy);
    }

    public ClientOptions withLocalAccess(boolean socket, boolean descriptors) {
        return new ClientOptions(masters, user, deadline, socket, descriptors, hedgeAfter, writePolicy);
    }

    public ClientOptions withHedgeAfter(Duration newHedgeAfter) {
        return new ClientOptions(masters, user, deadline, useSocket, useDescriptors, newHedgeAfter, writePolicy);
    }

    public ClientOptions withWritePolicy(WritePolicy newWritePolicy) {
        return new ClientOptions(masters, user, deadline, useSocket, useDescriptors, hedgeAfter, newWritePolicy);
    }
}
