package io.tarn.client.internal.read;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Unmaps files at once where the JDK lets us: the worker cannot reuse the space of a file while it is mapped somewhere, so waiting for the garbage collector
 * would cost it memory.
 */
final class Mappings {
    private static final Logger LOG = LoggerFactory.getLogger(Mappings.class);
    private static final @Nullable Cleaner CLEANER = Cleaner.find();

    private Mappings() {}

    /** Nobody may touch the buffers any more. */
    static void unmap(List<MappedByteBuffer> buffers) {
        Cleaner cleaner = CLEANER;
        if (cleaner != null) {
            buffers.forEach(cleaner::clean);
        }
    }

    private record Cleaner(Object unsafe, Method invokeCleaner) {
        static @Nullable Cleaner find() {
            try {
                Class<?> type = Class.forName("sun.misc.Unsafe");
                Field instance = type.getDeclaredField("theUnsafe");
                instance.setAccessible(true);
                return new Cleaner(instance.get(null), type.getMethod("invokeCleaner", ByteBuffer.class));
            } catch (ReflectiveOperationException | RuntimeException e) {
                LOG.debug("files are unmapped by the garbage collector", e);
                return null;
            }
        }

        void clean(MappedByteBuffer buffer) {
            try {
                invokeCleaner.invoke(unsafe, buffer);
            } catch (ReflectiveOperationException | RuntimeException e) {
                LOG.debug("the garbage collector will unmap {} bytes", buffer.capacity(), e);
            }
        }
    }
}
