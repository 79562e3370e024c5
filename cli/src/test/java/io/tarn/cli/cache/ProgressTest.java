package io.tarn.cli.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ProgressTest {
    @Test
    void theBarNeverOverflows() {
        assertEquals(
                "[############............] 50 %  32.0 MiB of 64.0 MiB in 2 files  16.0 MiB/s",
                Progress.bar(32 << 20, 64 << 20, 2, 2));
        assertEquals("[........................] 0 %  0 B of 0 B in 0 files  0 B/s", Progress.bar(0, 0, 0, 0));
        assertEquals(
                "[########################] 100 %", Progress.bar(9, 8, 1, 1).substring(0, 32));
    }
}
