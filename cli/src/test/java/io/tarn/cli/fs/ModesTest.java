package io.tarn.cli.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tarn.client.FileInfo;
import io.tarn.protocol.error.TarnException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModesTest {
    @ParameterizedTest
    @CsvSource({
        "640, 755, 640",
        "u+x, 644, 744",
        "'g-w,o=r', 777, 754",
        "+x, 644, 755",
        "a=r, 777, 444",
        "o+t, 777, 1777",
        "u+s, 755, 4755",
        "g=, 775, 705",
        "u+X, 644, 644"
    })
    void changesAsChmodDoes(String change, String before, String after) throws TarnException {
        assertEquals(Integer.parseInt(after, 8), Modes.apply(change, Integer.parseInt(before, 8), false));
    }

    @Test
    void refusesWhatIsNoMode() {
        assertThrows(TarnException.class, () -> Modes.apply("888", 0, false));
        assertThrows(TarnException.class, () -> Modes.apply("u+y", 0, false));
        assertThrows(TarnException.class, () -> Modes.apply("", 0, false));
    }

    @ParameterizedTest
    @CsvSource({"755, drwxr-xr-x", "1777, drwxrwxrwt", "4644, drwSr--r--", "0, d---------"})
    void showsAsLsDoes(String octal, String text) {
        assertEquals(text, Modes.text(directory(Integer.parseInt(octal, 8))));
    }

    private static FileInfo directory(int mode) {
        return new FileInfo(
                "/d",
                1,
                FileInfo.Type.DIRECTORY,
                0,
                0,
                0,
                "o",
                "g",
                mode,
                0,
                "",
                true,
                false,
                false,
                null,
                null,
                null,
                Map.of());
    }
}
