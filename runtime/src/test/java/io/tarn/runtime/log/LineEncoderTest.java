package io.tarn.runtime.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.slf4j.event.KeyValuePair;

class LineEncoderTest {
    private final LoggingEvent event = event();

    @Test
    void pairsAreQuotedWhereTheyMustBe() {
        assertEquals(
                "time=1970-01-01T00:00:01.000Z level=WARN logger=io.tarn.Some thread=main"
                        + " message=\"a \\\"b\\\"\\nlevel=ERROR\" bytes=64\n",
                encode(LogConfig.Format.PAIRS));
    }

    @Test
    void jsonIsOneObjectALine() {
        assertEquals(
                "{\"time\":\"1970-01-01T00:00:01.000Z\",\"level\":\"WARN\",\"logger\":\"io.tarn.Some\","
                        + "\"thread\":\"main\",\"message\":\"a \\\"b\\\"\\nlevel=ERROR\",\"bytes\":\"64\"}\n",
                encode(LogConfig.Format.JSON));
    }

    @Test
    void aStackTraceStaysOnTheLine() {
        event.setThrowableProxy(new ch.qos.logback.classic.spi.ThrowableProxy(new IllegalStateException("broken")));
        String line = encode(LogConfig.Format.PAIRS);
        assertTrue(line.contains("exception=\"java.lang.IllegalStateException: broken\\n\\tat "), line);
        assertEquals(line.length() - 1, line.indexOf('\n'));
    }

    @Test
    void aWrongLevelIsRefused() {
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class,
                () -> new LogConfig(LogConfig.Format.PAIRS, LogConfig.Level.INFO, List.of("io.tarn=loud")));
        assertTrue(String.valueOf(e.getMessage()).startsWith("log.levels: io.tarn=loud"), e.getMessage());
    }

    private String encode(LogConfig.Format format) {
        return new String(new LineEncoder(format).encode(event), StandardCharsets.UTF_8);
    }

    private static LoggingEvent event() {
        LoggingEvent event = new LoggingEvent();
        event.setLoggerContext(new LoggerContext());
        event.setLoggerName("io.tarn.Some");
        event.setThreadName("main");
        event.setLevel(Level.WARN);
        event.setTimeStamp(1000);
        event.setMessage("a \"{}\"\nlevel=ERROR");
        event.setArgumentArray(new Object[] {"b"});
        event.setKeyValuePairs(List.of(new KeyValuePair("bytes", 64)));
        event.setMDCPropertyMap(Map.of());
        return event;
    }
}
