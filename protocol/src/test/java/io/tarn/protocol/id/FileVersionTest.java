package io.tarn.protocol.id;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class FileVersionTest {
    @Test
    void ownedAndMirroredNeverMeet() {
        assertFalse(FileVersion.owned(Long.MAX_VALUE, 1).isMirrored());
        for (int i = 0; i < 1000; i++) {
            assertTrue(FileVersion.mirrored(1, "key" + i, "tag").isMirrored());
        }
        assertThrows(IllegalArgumentException.class, () -> FileVersion.owned(-1, 1));
    }

    @Test
    void mirroredDependsOnAllItsParts() {
        FileVersion version = FileVersion.mirrored(1, "a", "t");
        assertEquals(version, FileVersion.mirrored(1, "a", "t"));
        assertNotEquals(version, FileVersion.mirrored(2, "a", "t"));
        assertNotEquals(version, FileVersion.mirrored(1, "b", "t"));
        assertNotEquals(version, FileVersion.mirrored(1, "a", "u"));
    }

    @Test
    void textAndMessageSurviveARoundTrip() {
        FileVersion version = FileVersion.mirrored(3, "ü/x", "\"etag\"");
        assertEquals(version, FileVersion.parse(version.toString()));
        assertEquals(32, FileVersion.owned(1, 2).toString().length());
        assertEquals(version, FileVersion.of(version.toMessage()));
    }
}
