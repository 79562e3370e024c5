package io.tarn.testing.simulation;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;
import org.slf4j.helpers.NOPLogger;

/** What simulated code logs: nothing, or all of it with the simulation's time, to see what a seed does. */
public final class SimulatedLog {
    /** Set to "true": everything goes to the standard error. */
    public static final String PROPERTY = "tarn.simulation.log";

    private static final boolean SHOWN = Boolean.getBoolean(PROPERTY);

    private SimulatedLog() {}

    @Replaces(LoggerFactory.class)
    public static Logger getLogger(Class<?> owner) {
        return SHOWN ? new Shown(owner.getSimpleName()) : NOPLogger.NOP_LOGGER;
    }

    /** A line of whoever runs at the moment. */
    public static void line(String text) {
        if (SHOWN) {
            SimulatedProcess process = Simulation.current();
            System.err.printf("%,11.3f ms %-10s %s%n", process.simulation().nanos() / 1e6, process.name(), text);
        }
    }

    private static final class Shown extends LegacyAbstractLogger {
        private static final long serialVersionUID = 1;

        private Shown(String name) {
            this.name = name;
        }

        @Override
        public boolean isTraceEnabled() {
            return false;
        }

        @Override
        public boolean isDebugEnabled() {
            return true;
        }

        @Override
        public boolean isInfoEnabled() {
            return true;
        }

        @Override
        public boolean isWarnEnabled() {
            return true;
        }

        @Override
        public boolean isErrorEnabled() {
            return true;
        }

        @Override
        protected @Nullable String getFullyQualifiedCallerName() {
            return null;
        }

        @Override
        protected void handleNormalizedLoggingCall(
                Level level,
                @Nullable Marker marker,
                String pattern,
                Object @Nullable [] arguments,
                @Nullable Throwable failure) {
            line(level + " " + name + ": " + MessageFormatter.basicArrayFormat(pattern, arguments)
                    + (failure == null ? "" : " (" + failure + ")"));
        }
    }
}
