package io.tarn.testing.simulation;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;

/** Threads of any kind, each of the process whose code makes it. Called by rewritten code only. */
public final class SimulatedThreads {
    private SimulatedThreads() {}

    /** Makes threads; stands for the JDK's builders, whose types are closed. */
    private static final class Builder {
        private String name = "thread";
    }

    @Replaces(Thread.class)
    public static Object ofPlatform() {
        return new Builder();
    }

    @Replaces(Thread.class)
    public static Object ofVirtual() {
        return new Builder();
    }

    @Replaces(Thread.Builder.OfPlatform.class)
    public static Object daemon(Object builder) {
        return builder;
    }

    @Replaces(Thread.Builder.class)
    public static Object name(Object builder, String name) {
        ((Builder) builder).name = name;
        return builder;
    }

    @Replaces(Thread.Builder.class)
    public static Object name(Object builder, String prefix, long start) {
        ((Builder) builder).name = prefix;
        return builder;
    }

    @Replaces(Thread.Builder.class)
    public static Thread unstarted(Object builder, Runnable task) {
        return Simulation.current().newThread(((Builder) builder).name, task);
    }

    @Replaces(Thread.Builder.class)
    public static Thread start(Object builder, Runnable task) {
        Thread thread = unstarted(builder, task);
        thread.start();
        return thread;
    }

    @Replaces(Thread.Builder.class)
    public static ThreadFactory factory(Object builder) {
        return task -> unstarted(builder, task);
    }

    @Replaces(Executors.class)
    public static ExecutorService newVirtualThreadPerTaskExecutor() {
        return new SimulatedThreadPerTask(factory(new Builder()));
    }

    @Replaces(Executors.class)
    public static ExecutorService newThreadPerTaskExecutor(ThreadFactory threads) {
        return new SimulatedThreadPerTask(threads);
    }

    @Replaces(Executors.class)
    public static ScheduledExecutorService newSingleThreadScheduledExecutor(ThreadFactory threads) {
        return new SimulatedScheduler(threads);
    }
}
