package io.tarn.standalone;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tarn.client.TarnClient;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.standalone.RunningCache.Run;
import java.io.IOException;

/** Something wrong, as the command and the client put it, and how it must end. */
record Mistake(ErrorCode code, int status, ClientCall call, String... command) {
    /** The client's way to make the mistake. */
    interface ClientCall {
        void run(TarnClient client) throws IOException;
    }

    /** Makes the mistake both ways: the same code, and one line that says what to do. */
    void check(RunningCache cache) {
        TarnException thrown = assertThrows(TarnException.class, () -> call.run(cache.client()));
        Run run = cache.tarn(command);
        assertAll(
                () -> assertEquals(code, thrown.code(), thrown.getMessage()),
                () -> assertEquals(status, run.status(), run.err()),
                () -> assertEquals(1, run.err().lines().count(), run.err()),
                () -> assertTrue(run.err().startsWith("tarn: ") && run.err().contains("; "), run.err()));
    }

    @Override
    public String toString() {
        return String.join(" ", command).transform(text -> text.length() > 60 ? text.substring(0, 60) : text);
    }
}
