package io.tarn.worker.server;

import io.netty.channel.unix.FileDescriptor;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/** Opens files for reading only, as descriptors that can be sent to another process. (Netty's own opening truncates.) */
final class ReadOnlyDescriptor {
    private static final int O_RDONLY = 0;
    private static final int O_CLOEXEC = 0x80000;
    private static final MethodHandle OPEN = Linker.nativeLinker()
            .downcallHandle(
                    Linker.nativeLinker().defaultLookup().findOrThrow("open"),
                    FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
                    Linker.Option.firstVariadicArg(2));

    private ReadOnlyDescriptor() {}

    static FileDescriptor open(Path path) throws TarnException {
        int number;
        try (Arena arena = Arena.ofConfined()) {
            number = (int) OPEN.invokeExact(arena.allocateFrom(path.toString()), O_RDONLY | O_CLOEXEC);
        } catch (Throwable e) {
            throw new TarnException(ErrorCode.INTERNAL, "open(2) cannot be called: " + e, e);
        }
        if (number < 0) {
            throw new TarnException(ErrorCode.NOT_FOUND, "the exported segment is gone; open the file again");
        }
        return new FileDescriptor(number);
    }
}
