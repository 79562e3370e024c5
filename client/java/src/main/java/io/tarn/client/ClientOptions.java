package io.tarn.client;

import java.time.Duration;
import java.util.List;

/**
 * How to reach a cluster.
 *
 * @param masters host:port of each master
 * @param user the user's name; simple mode believes it
 * @param deadline how long a call is retried before it fails
 * @param useSocket read through the local worker's Unix socket where there is one
 * @param useDescriptors read through descriptors that the local worker hands out, where it does
 */
public record ClientOptions(
        List<String> masters, String user, Duration deadline, boolean useSocket, boolean useDescriptors) {
    public static final int DEFAULT_MASTER_PORT = 9650;

    public static ClientOptions of(String... masters) {
        return new ClientOptions(
                List.of(masters), System.getProperty("user.name", "nobody"), Duration.ofSeconds(60), true, true);
    }

    public ClientOptions withUser(String newUser) {
        return new ClientOptions(masters, newUser, deadline, useSocket, useDescriptors);
    }

    public ClientOptions withLocalAccess(boolean socket, boolean descriptors) {
        return new ClientOptions(masters, user, deadline, socket, descriptors);
    }
}
