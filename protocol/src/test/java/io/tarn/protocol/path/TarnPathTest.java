package io.tarn.protocol.path;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TarnPathTest {
    @ParameterizedTest
    @CsvSource({"/,/", "//,/", "/a,/a", "/a/,/a", "//a//b//,/a/b", "/ü/日本,/ü/日本", "/a b/%2F+,/a b/%2F+", "/...,/..."})
    void normalises(String text, String expected) throws TarnException {
        assertEquals(expected, TarnPath.parse(text).toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "a/b", "/a/../b", "/.", "/a/./b", "/nul\0", "/lone\ud800", "/lone\udc00x"})
    void refusesWhatCannotBeMeant(String text) {
        assertEquals(
                ErrorCode.INVALID_ARGUMENT,
                assertThrows(TarnException.class, () -> TarnPath.parse(text)).code());
    }

    @Test
    void boundsCountBytesNotCharacters() throws TarnException {
        assertEquals(255, TarnPath.parse("/" + "a".repeat(255)).name().length());
        assertEquals(ErrorCode.NAME_TOO_LONG, codeOf("/" + "a".repeat(256)));
        assertEquals(ErrorCode.NAME_TOO_LONG, codeOf("/" + "ü".repeat(128)));
        assertEquals(1000, TarnPath.parse("/a".repeat(1000)).names().size());
        assertEquals(ErrorCode.NAME_TOO_LONG, codeOf("/a".repeat(2049)));
    }

    @Test
    void knowsItsFamily() throws TarnException {
        TarnPath path = TarnPath.parse("/a/b/c");
        assertEquals("/a/b", path.parent().toString());
        assertEquals("c", path.name());
        assertTrue(path.startsWith(TarnPath.parse("/a/b")));
        assertTrue(path.startsWith(path));
        assertFalse(TarnPath.parse("/a/bc").startsWith(TarnPath.parse("/a/b")));
        assertEquals("b/c", path.relativeTo(TarnPath.parse("/a")));
        assertEquals("a/b/c", path.relativeTo(TarnPath.ROOT));
        assertEquals(TarnPath.ROOT, TarnPath.ROOT.parent());
        assertEquals(path, TarnPath.parse("/a/b").child("c"));
    }

    private static ErrorCode codeOf(String text) {
        return assertThrows(TarnException.class, () -> TarnPath.parse(text)).code();
    }
}
