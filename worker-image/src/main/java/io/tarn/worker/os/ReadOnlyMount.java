package io.tarn.worker.os;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A read-only bind mount of a directory. Mounts belong to a whole process (unshare(2) of a running JVM would change one thread only), so a process makes them
 * only where its mount namespace is its own: in a container, or started by {@code unshare --mount}. Thread-safe.
 */
public final class ReadOnlyMount {
    /** System property by which a launcher says that it gave this process a mount namespace: where {@code /proc} hides others', nothing else tells. */
    private static final String LAUNCHED_APART = "tarn.mounts.private";

    private static final Logger LOG = LoggerFactory.getLogger(ReadOnlyMount.class);
    private static final long MS_RDONLY = 1;
    private static final long MS_NOSUID = 2;
    private static final long MS_NODEV = 4;
    private static final long MS_NOEXEC = 8;
    private static final long MS_REMOUNT = 32;
    private static final long MS_BIND = 4096;
    private static final int MNT_DETACH = 2;

    private static final MethodHandle MOUNT =
            SystemCalls.function("mount", SystemCalls.intOf(ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS));
    private static final MethodHandle UMOUNT = SystemCalls.function("umount2", SystemCalls.intOf(ADDRESS, JAVA_INT));

    private ReadOnlyMount() {}

    /**
     * Whether mounts made by this process stay its own: it is the first process of a container, or in another mount namespace than the first process of the
     * machine (or than its parent, where the first one does not show its namespace), and mounts are not passed on from it.
     */
    public static boolean isNamespacePrivate() {
        try {
            List<String> mounts = Files.readAllLines(Path.of("/proc/self/mountinfo"));
            boolean passedOn = mounts.stream().anyMatch(line -> isRootMount(line) && line.contains(" shared:"));
            return !passedOn
                    && (Boolean.getBoolean(LAUNCHED_APART)
                            || ProcessHandle.current().pid() == 1
                            || isNamespaceOwn());
        } catch (IOException e) {
            LOG.debug("the mount namespace is unknown", e);
            return false;
        }
    }

    private static boolean isNamespaceOwn() throws IOException {
        Path own = Files.readSymbolicLink(Path.of("/proc/self/ns/mnt"));
        try {
            return !own.equals(Files.readSymbolicLink(Path.of("/proc/1/ns/mnt")));
        } catch (IOException e) {
            LOG.debug("the first process hides its mount namespace; comparing with the parent's", e);
            long parent =
                    ProcessHandle.current().parent().map(ProcessHandle::pid).orElse(1L);
            return !own.equals(Files.readSymbolicLink(Path.of("/proc/" + parent + "/ns/mnt")));
        }
    }

    /** Shows {@code directory} at {@code view}, read-only; the view is made, and replaces one of an earlier start. Needs CAP_SYS_ADMIN. */
    public static void mount(Path directory, Path view) throws IOException {
        Files.createDirectories(view);
        unmount(view);
        mount(directory.toAbsolutePath(), view, MS_BIND);
        try {
            mount(null, view, MS_BIND | MS_REMOUNT | MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC);
        } catch (IOException e) {
            unmount(view);
            throw e;
        }
    }

    /** Takes a view away; where there is none, nothing happens. */
    public static void unmount(Path view) {
        try {
            SystemCalls.call("umount " + view, (arena, capture) ->
                    (int) UMOUNT.invokeExact(capture, SystemCalls.text(arena, view.toString()), MNT_DETACH));
        } catch (NativeException e) {
            LOG.trace("nothing is mounted at {}", view, e);
        }
    }

    private static void mount(@Nullable Path source, Path view, long flags) throws IOException {
        SystemCalls.call("mount " + view, (arena, capture) -> {
            MemorySegment from = source == null ? MemorySegment.NULL : SystemCalls.text(arena, source.toString());
            MemorySegment to = SystemCalls.text(arena, view.toString());
            return (int) MOUNT.invokeExact(capture, from, to, MemorySegment.NULL, flags, MemorySegment.NULL);
        });
    }

    private static boolean isRootMount(String line) {
        String[] fields = line.split(" ", 6);
        return fields.length > 4 && fields[4].equals("/");
    }
}
