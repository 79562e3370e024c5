package io.tarn.understore;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The order agrees with that of the bytes. */
final class Utf8OrderTest {
    @Test
    void isTheOrderOfBytes() {
        List<String> names = List.of(
                "", "a", "ab", "b", "~", "é", "\ud7ff", "\ue000", "\uffee", "😀", "😀a", "a😀", "a\uffee", "\0");
        for (String left : names) {
            for (String right : names) {
                int bytes = Arrays.compareUnsigned(
                        left.getBytes(StandardCharsets.UTF_8), right.getBytes(StandardCharsets.UTF_8));
                assertEquals(
                        Integer.signum(bytes),
                        Integer.signum(Utf8Order.INSTANCE.compare(left, right)),
                        left + " and " + right);
            }
        }
    }
}
