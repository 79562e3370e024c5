package io.tarn.testing.simulation;

import java.lang.reflect.Constructor;
import java.util.concurrent.Executor;

/** Virtual threads with a scheduler of their own: the JDK can make them, and does not show how. */
final class VirtualThreads {
    private static final String NEEDED = "--add-opens=java.base/java.lang=ALL-UNNAMED";
    private static final Constructor<?> CONSTRUCTOR = constructor();

    private VirtualThreads() {}

    private static Constructor<?> constructor() {
        try {
            Constructor<?> found = Class.forName("java.lang.VirtualThread")
                    .getDeclaredConstructor(Executor.class, String.class, int.class, Runnable.class);
            found.setAccessible(true);
            return found;
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw new IllegalStateException("the simulation needs a JVM that was started with " + NEEDED, e);
        }
    }

    /** @param scheduler given each stretch of the thread, to be run by a platform thread */
    static Thread create(Executor scheduler, String name, Runnable task) {
        try {
            return (Thread) CONSTRUCTOR.newInstance(scheduler, name, 0, task);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
