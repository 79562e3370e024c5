package io.tarn.runtime.log;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import org.slf4j.ILoggerFactory;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/** Sets up the log of this process. */
public final class Logging {
    private Logging() {}

    /** From now on as {@code config} says, also what libraries log through java.util.logging (from INFO on); calls before used warnings and above. */
    public static void configure(LogConfig config) {
        ILoggerFactory factory = LoggerFactory.getILoggerFactory();
        if (factory instanceof LoggerContext context) {
            context.reset();
            apply(config, context);
            SLF4JBridgeHandler.removeHandlersForRootLogger();
            SLF4JBridgeHandler.install();
        }
    }

    static void apply(LogConfig config, LoggerContext context) {
        LineEncoder encoder = new LineEncoder(config.format());
        encoder.setContext(context);
        encoder.start();
        ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
        appender.setName("standard error");
        appender.setTarget("System.err");
        appender.setContext(context);
        appender.setEncoder(encoder);
        appender.start();
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(levelOf(config.level()));
        root.addAppender(appender);
        for (String text : config.levels()) {
            LogConfig.NamedLevel named = LogConfig.parseLevel(text);
            context.getLogger(named.logger()).setLevel(levelOf(named.level()));
        }
    }

    private static ch.qos.logback.classic.Level levelOf(LogConfig.Level level) {
        return ch.qos.logback.classic.Level.toLevel(level.name());
    }
}
