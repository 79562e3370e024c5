package io.tarn.cli.machine;

import io.netty.channel.epoll.Epoll;
import io.tarn.cli.output.Field;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Looks at the machine's JDK, limits, memory file system and kernel, through /proc and /dev of {@code root}. Changes nothing. */
final class MachineChecks {
    private static final int JAVA_OF_SERVERS = 25;
    private static final long ENOUGH_FILES = 65_536;
    private static final int CAP_SYS_ADMIN = 21;
    private static final Pattern KERNEL = Pattern.compile("(\\d+)\\.(\\d+).*", Pattern.DOTALL);

    private final Path root;

    /** @param root "/", or a directory that plays it in a test */
    MachineChecks(Path root) {
        this.root = root;
    }

    Stream<Finding> all() {
        return Stream.of(
                java(Runtime.version().feature()),
                openFiles(),
                memoryFileSystem(),
                epoll(),
                passthrough(),
                descriptors());
    }

    Finding java(int feature) {
        String found = "Java " + feature;
        return feature >= JAVA_OF_SERVERS
                ? Finding.ok("jdk", found)
                : Finding.warning("jdk", found, "enough for clients; servers need JDK 25: install it or set JAVA_HOME");
    }

    Finding openFiles() {
        Optional<String> line = firstLine("proc/self/limits", "Max open files");
        if (line.isEmpty()) {
            return Finding.warning("open files", "unknown", "/proc/self/limits is not readable");
        }
        String soft = line.get().substring("Max open files".length()).strip().split("\\s+", 2)[0];
        boolean enough = soft.equals("unlimited") || Long.parseLong(soft) >= ENOUGH_FILES;
        return enough
                ? Finding.ok("open files", soft)
                : Finding.warning("open files", soft, "a worker wants 65536 or more: ulimit -n 65536, or LimitNOFILE");
    }

    Finding memoryFileSystem() {
        Path shm = root.resolve("dev/shm");
        try {
            FileStore store = Files.getFileStore(shm);
            String found = Field.amount(store.getUsableSpace()) + " free of " + Field.amount(store.getTotalSpace());
            boolean small = store.getUsableSpace() < 256L << 20;
            return small
                    ? Finding.warning(
                            "tmpfs /dev/shm", found, "make room or enlarge it: mount -o remount,size=4g /dev/shm")
                    : Finding.ok("tmpfs /dev/shm", found);
        } catch (IOException e) {
            return Finding.warning(
                    "tmpfs /dev/shm",
                    "not there",
                    "give the MEM tier another directory on a tmpfs: tarn standalone --mem-dir");
        }
    }

    Finding epoll() {
        return Epoll.isAvailable()
                ? Finding.ok("epoll", "native")
                : Finding.warning(
                        "epoll",
                        "not available",
                        "Unix sockets and passed descriptors need Linux on x86_64 or aarch64");
    }

    /** Handing a cached file to the kernel whole: Linux 6.9. */
    Finding passthrough() {
        String release = firstLine("proc/sys/kernel/osrelease", "").orElse("unknown");
        Matcher matcher = KERNEL.matcher(release);
        boolean recent = matcher.matches()
                && (Integer.parseInt(matcher.group(1)) > 6
                        || (matcher.group(1).equals("6") && Integer.parseInt(matcher.group(2)) >= 9));
        boolean device = Files.exists(root.resolve("dev/fuse"));
        String found = "Linux " + release + (device ? ", /dev/fuse" : ", no /dev/fuse");
        if (recent && device) {
            return Finding.ok("FUSE passthrough", found);
        }
        return Finding.warning(
                "FUSE passthrough",
                found,
                device
                        ? "mounted volumes copy their data on kernels before 6.9"
                        : "mounted volumes need: modprobe fuse");
    }

    /** Descriptors of cached files are handed out only through a read-only mount of the tier, which takes CAP_SYS_ADMIN. */
    Finding descriptors() {
        String mask = firstLine("proc/self/status", "CapEff:")
                .map(line -> line.substring("CapEff:".length()).strip())
                .orElse("0");
        boolean privileged = (Long.parseUnsignedLong(mask, 16) >> CAP_SYS_ADMIN & 1) == 1;
        return privileged
                ? Finding.ok("passed descriptors", "possible")
                : Finding.warning(
                        "passed descriptors",
                        "not possible without CAP_SYS_ADMIN",
                        "local reads go over the Unix socket, which copies; start the worker with CAP_SYS_ADMIN to avoid it");
    }

    private Optional<String> firstLine(String file, String start) {
        try (Stream<String> lines = Files.lines(root.resolve(file))) {
            return lines.filter(line -> line.startsWith(start)).findFirst();
        } catch (IOException | UncheckedIOException e) {
            return Optional.empty();
        }
    }
}
