package io.tarn.standalone;

import io.tarn.runtime.config.DataSize;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;

/** What a standalone process takes where neither file, environment nor command line say otherwise: all below one data directory, sized for the machine. */
final class StandaloneDefaults {
    private static final long MIN_TIER_BYTES = 16L << 20;
    private static final long MIN_MEM_BYTES = 64L << 20;
    private static final long MAX_SSD_BYTES = 100L << 30;
    /** A Unix socket's path has room for 107 bytes. */
    private static final int MAX_SOCKET_PATH_BYTES = 107;

    private StandaloneDefaults() {}

    /** {@code $TARN_HOME/data}, else {@code ~/.tarn}. */
    static Path dataDirectory(Map<String, String> environment) {
        String home = environment.get("TARN_HOME");
        return home != null && !home.isEmpty()
                ? Path.of(home, "data")
                : Path.of(System.getProperty("user.home", "/var/lib"), ".tarn");
    }

    /**
     * Settings by key.
     *
     * @param bindHost the address that all ports listen on
     */
    static Map<String, String> of(Path data, Path shm, String bindHost) {
        Map<String, String> settings = new LinkedHashMap<>();
        String name = "tarn-" + System.getProperty("user.name", "user") + "-" + hash(data);
        settings.put("standalone.data", data.toString());
        settings.put("master.directory", data.resolve("master").toString());
        settings.put("master.bind-host", bindHost);
        settings.put("worker.directory", data.resolve("worker").toString());
        settings.put("worker.bind-host", bindHost);
        settings.put("worker.host", isLoopback(bindHost) ? "localhost" : ownHostName());
        settings.put("http.host", bindHost);
        settings.put(
                "worker.socket-path",
                socketPath(data, shm.resolve(name + ".sock")).toString());
        settings.put("worker.tiers.mem.paths", shm.resolve(name).toString());
        settings.put("worker.tiers.mem.capacity", size(Math.max(MIN_MEM_BYTES, freeBytes(shm) / 4)));
        settings.put("worker.tiers.ssd.paths", data.resolve("ssd").toString());
        settings.put(
                "worker.tiers.ssd.capacity",
                size(Math.max(MIN_TIER_BYTES, Math.min(MAX_SSD_BYTES, freeBytes(data) / 2))));
        return settings;
    }

    private static Path socketPath(Path data, Path otherwise) {
        Path socket = data.resolve("worker.sock");
        return socket.toString().getBytes(StandardCharsets.UTF_8).length <= MAX_SOCKET_PATH_BYTES ? socket : otherwise;
    }

    /** Two data directories of one user must not share a MEM tier. */
    private static String hash(Path data) {
        CRC32 crc = new CRC32();
        crc.update(data.toAbsolutePath().normalize().toString().getBytes(StandardCharsets.UTF_8));
        return Long.toHexString(crc.getValue());
    }

    private static String size(long bytes) {
        return new DataSize(bytes >> 20 << 20).toString();
    }

    /** Room in the file system of a directory that may not exist yet. */
    private static long freeBytes(Path directory) {
        Path existing = directory.toAbsolutePath();
        while (existing.getParent() != null && !Files.exists(existing)) {
            existing = existing.getParent();
        }
        try {
            return Files.getFileStore(existing).getUsableSpace();
        } catch (IOException e) {
            return 0;
        }
    }

    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /** The machine's name where it leads back here; clients could not use another. */
    private static String ownHostName() {
        try {
            InetAddress own = InetAddress.getLocalHost();
            return NetworkInterface.getByInetAddress(own) != null ? own.getHostName() : "localhost";
        } catch (UnknownHostException | SocketException e) {
            return "localhost";
        }
    }
}
