package io.tarn.master.rpc;

import io.tarn.runtime.config.DataSize;
import io.tarn.runtime.config.Setting;
import java.time.Duration;

/** Settings of the master's RPC server. */
public record RpcConfig(
        @Setting(
                key = "master.bind-host",
                doc = "Address that the master listens on; 0.0.0.0 is all of the machine's.",
                defaultValue = "0.0.0.0")
        String bindHost,

        @Setting(
                key = "master.port",
                doc = "Port of the master's calls; 0 takes any free one.",
                defaultValue = "9650",
                min = "0",
                max = "65535")
        int port,

        @Setting(
                key = "master.rpc.max-message",
                doc = "Largest call that the master takes; larger ones cost memory for each connection.",
                defaultValue = "4MiB",
                min = "64KiB",
                max = "64MiB")
        DataSize maxMessage,

        @Setting(
                key = "master.rpc.max-connections",
                doc =
                        "Open connections; further ones are closed at once. Each takes a file descriptor and about 15 KiB.",
                defaultValue = "8192",
                min = "16",
                max = "1000000")
        int maxConnections,

        @Setting(
                key = "master.rpc.handshake-timeout",
                doc = "A peer that has just connected must speak HTTP/2 within this time.",
                defaultValue = "10s",
                min = "100ms",
                max = "1h")
        Duration handshakeTimeout,

        @Setting(
                key = "master.rpc.calls-per-connection",
                doc = "Calls that one connection may have under way; further ones wait in the client.",
                defaultValue = "1000",
                min = "1",
                max = "100000")
        int callsPerConnection,

        @Setting(
                key = "master.rpc.max-calls",
                doc =
                        "Calls that may be under way in all; beyond it callers are told to try again later. More take more memory.",
                defaultValue = "20000",
                min = "16",
                max = "1000000")
        int maxCalls,

        @Setting(
                key = "master.audit",
                doc =
                        "Which calls of clients get a line in the log, by the logger io.tarn.audit: who, from where, what, and what came of it. A line costs about as much as a small read.",
                defaultValue = "OFF")
        AuditExtent audit) {
    /** All defaults. */
    public static final RpcConfig DEFAULT = new RpcConfig(
            "0.0.0.0", 9650, new DataSize(4L << 20), 8192, Duration.ofSeconds(10), 1000, 20_000, AuditExtent.OFF);

    /** The same on another port. */
    public RpcConfig withPort(int newPort) {
        return new RpcConfig(
                bindHost, newPort, maxMessage, maxConnections, handshakeTimeout, callsPerConnection, maxCalls, audit);
    }
}
