package io.tarn.worker.os;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/** A descriptor of our own, for what FileChannel cannot do: punch holes and ask for the users of a file. Not thread-safe; close it. */
public final class NativeFile implements AutoCloseable {
    private static final int O_RDONLY = 0;
    private static final int O_RDWR = 2;
    private static final int O_CLOEXEC = 0x80000;
    private static final int FALLOC_FL_KEEP_SIZE = 1;
    private static final int FALLOC_FL_PUNCH_HOLE = 2;
    private static final int F_SETLEASE = 1024;
    private static final int F_WRLCK = 1;
    private static final int F_UNLCK = 2;

    private static final MethodHandle OPEN =
            SystemCalls.variadicFunction("open", 2, SystemCalls.intOf(ADDRESS, JAVA_INT, JAVA_INT));
    private static final MethodHandle CLOSE = SystemCalls.function("close", SystemCalls.intOf(JAVA_INT));
    private static final MethodHandle FALLOCATE =
            SystemCalls.function("fallocate", SystemCalls.intOf(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle FCNTL =
            SystemCalls.variadicFunction("fcntl", 2, SystemCalls.intOf(JAVA_INT, JAVA_INT, JAVA_INT));

    private final int descriptor;
    private boolean closed;

    private NativeFile(int descriptor) {
        this.descriptor = descriptor;
    }

    public static NativeFile openForReading(Path path) throws NativeException {
        return open(path, O_RDONLY);
    }

    public static NativeFile openForWriting(Path path) throws NativeException {
        return open(path, O_RDWR);
    }

    private static NativeFile open(Path path, int flags) throws NativeException {
        return new NativeFile(SystemCalls.call("open " + path, (arena, capture) ->
                (int) OPEN.invokeExact(capture, SystemCalls.text(arena, path.toString()), flags | O_CLOEXEC, 0)));
    }

    /** Gives the bytes of a range back to the file system; they read as zeros and the file's size stays. */
    public void punchHole(long offset, long lengthBytes) throws NativeException {
        SystemCalls.call("fallocate(PUNCH_HOLE)", (arena, capture) -> (int) FALLOCATE.invokeExact(
                capture, descriptor, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, offset, lengthBytes));
    }

    /**
     * Whether this descriptor is the only use of the file: nobody else has it open or mapped. Asked through a write lease, which the kernel grants
     * only then; it is given back at once.
     */
    public boolean isOnlyUser() throws NativeException {
        try {
            setLease(F_WRLCK);
        } catch (NativeException e) {
            if (e.errno() == NativeException.EAGAIN) {
                return false;
            }
            throw e;
        }
        setLease(F_UNLCK);
        return true;
    }

    private void setLease(int type) throws NativeException {
        SystemCalls.call("fcntl(F_SETLEASE)", (arena, capture) ->
                (int) FCNTL.invokeExact(capture, descriptor, F_SETLEASE, type));
    }

    /** The descriptor's number, which from now on is the caller's to close. */
    public int detach() {
        closed = true;
        return descriptor;
    }

    @Override
    public void close() throws NativeException {
        if (!closed) {
            closed = true;
            SystemCalls.call("close", (arena, capture) -> (int) CLOSE.invokeExact(capture, descriptor));
        }
    }
}
