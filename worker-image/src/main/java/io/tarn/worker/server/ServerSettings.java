package io.tarn.worker.server;

import io.tarn.runtime.config.DataSize;
import io.tarn.runtime.config.Setting;
import java.time.Duration;

/** Where the data plane listens, and what bounds its peers. */
public record ServerSettings(
        @Setting(
                key = "worker.bind-host",
                doc = "The address that the data port listens on; 0.0.0.0 is all of them.",
                defaultValue = "0.0.0.0")
        String bindHost,

        @Setting(
                key = "worker.data-port",
                doc = "The TCP port of the data plane; 0 takes a free one.",
                defaultValue = "9651",
                min = "0",
                max = "65535")
        int dataPort,

        @Setting(
                key = "worker.socket-path",
                doc = "The Unix socket for clients on the same node; empty for none.",
                defaultValue = "")
        String socketPath,

        @Setting(
                key = "worker.server.threads",
                doc = "Event loops; 0 is one per processor.",
                defaultValue = "0",
                min = "0",
                max = "256")
        int threads,

        @Setting(
                key = "worker.server.max-connections",
                doc = "Open connections; further ones are refused with BUSY.",
                defaultValue = "4096",
                min = "1",
                max = "1000000")
        int maxConnections,

        @Setting(
                key = "worker.server.max-handles",
                doc = "Open files per connection.",
                defaultValue = "4096",
                min = "1",
                max = "1000000")
        int maxHandles,

        @Setting(
                key = "worker.server.max-requests",
                doc =
                        "Requests of one connection that are worked on at once; more are not read from the connection meanwhile.",
                defaultValue = "64",
                min = "1",
                max = "4096")
        int maxRequests,

        @Setting(
                key = "worker.server.max-queued",
                doc = "Bytes of one connection that wait to be sent, or to be written; more are not taken meanwhile.",
                defaultValue = "4MiB",
                min = "64KiB",
                max = "256MiB")
        DataSize maxQueued,

        @Setting(
                key = "worker.server.frame-timeout",
                doc = "A peer that has begun a frame, or has just connected, must send a whole frame within this time.",
                defaultValue = "30s",
                min = "100ms",
                max = "1h")
        Duration frameTimeout,

        @Setting(
                key = "worker.server.stall-timeout",
                doc = "A peer that takes nothing of what it asked for during this time is disconnected.",
                defaultValue = "60s",
                min = "100ms",
                max = "1h")
        Duration stallTimeout,

        @Setting(
                key = "worker.server.idle-timeout",
                doc = "A connection without open files that asks nothing during this time is closed.",
                defaultValue = "10m",
                min = "1s",
                max = "7d")
        Duration idleTimeout,

        @Setting(
                key = "worker.ticket-extension",
                doc =
                        "While no master answers, tickets for reading serve for so much longer where the worker has pages of the file; 0s for no longer.",
                defaultValue = "24h",
                min = "0s",
                max = "30d")
        Duration ticketExtension) {
    /** As the reference documents them, with a free port and no socket. */
    public static final ServerSettings DEFAULT = new ServerSettings(
            "0.0.0.0",
            0,
            "",
            0,
            4096,
            4096,
            64,
            DataSize.parse("4MiB"),
            Duration.ofSeconds(30),
            Duration.ofSeconds(60),
            Duration.ofMinutes(10),
            Duration.ofHours(24));

    public ServerSettings withAddress(String newHost, int newPort, String newSocketPath) {
        return new ServerSettings(
                newHost,
                newPort,
                newSocketPath,
                threads,
                maxConnections,
                maxHandles,
                maxRequests,
                maxQueued,
                frameTimeout,
                stallTimeout,
                idleTimeout,
                ticketExtension);
    }
}
