package io.tarn.worker.os;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * Handles of the C library's functions. Every call gets its own errno capture area, so that calls of several threads never mix. Thread-safe.
 */
final class SystemCalls {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout CAPTURE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = CAPTURE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private SystemCalls() {}

    static MethodHandle function(String name, FunctionDescriptor descriptor) {
        return LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow(name), descriptor, Linker.Option.captureCallState("errno"));
    }

    /** open, fcntl and the like: arguments from {@code fixedArguments} on are passed by the variadic convention. */
    static MethodHandle variadicFunction(String name, int fixedArguments, FunctionDescriptor descriptor) {
        return LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow(name),
                descriptor,
                Linker.Option.captureCallState("errno"),
                Linker.Option.firstVariadicArg(fixedArguments));
    }

    /** Runs one call. @throws NativeException where it answers a negative number */
    static int call(String name, Call call) throws NativeException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment capture = arena.allocate(CAPTURE);
            int result = call.invoke(arena, capture);
            if (result < 0) {
                throw new NativeException(name, (int) ERRNO.get(capture, 0L));
            }
            return result;
        } catch (NativeException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(name, e);
        }
    }

    static MemorySegment text(Arena arena, String text) {
        return arena.allocateFrom(text);
    }

    static FunctionDescriptor intOf(MemoryLayout... arguments) {
        return FunctionDescriptor.of(ValueLayout.JAVA_INT, arguments);
    }

    /** The body of {@link #call}: invokes a handle with the capture area as its first argument. */
    @FunctionalInterface
    interface Call {
        int invoke(Arena arena, MemorySegment capture) throws Throwable;
    }
}
