package io.tarn.runtime.log;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

class LoggingTest {
    @Test
    void whatLibrariesLogThroughTheJdkIsInTheSameLog() {
        PrintStream standardError = System.err;
        ByteArrayOutputStream captured = new ByteArrayOutputStream();
        System.setErr(new PrintStream(captured, true, StandardCharsets.UTF_8));
        try {
            Logging.configure(new LogConfig(LogConfig.Format.JSON, LogConfig.Level.INFO, List.of()));
            Logger.getLogger("io.grpc.Some").log(Level.WARNING, "from {0}", "gRPC");
        } finally {
            System.setErr(standardError);
            Logging.configure(new LogConfig(LogConfig.Format.PAIRS, LogConfig.Level.WARN, List.of()));
        }
        String text = captured.toString(StandardCharsets.UTF_8);
        assertTrue(
                text.contains("\"level\":\"WARN\",\"logger\":\"io.grpc.Some\"")
                        && text.contains("\"message\":\"from gRPC\""),
                text);
    }
}
