package io.tarn.master.mirror;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.tarn.master.state.InMemoryStateStore;
import io.tarn.understore.StoreStatus;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What Tarn changes in a store while a look at it is under way. */
class MirrorTableTest {
    private static final long MOUNT = 1;
    private static final StoreStatus DIRECTORY = StoreStatus.directory("d", 1);
    private static final StoreStatus FILE = StoreStatus.file("d/f", 5, 1, "tag");

    private final MirrorTable table = new MirrorTable(new InMemoryStateStore());

    @Test
    void aListingIsNotWholeWithoutAChildThatWasForgottenMeanwhile() {
        try (MirrorTable.Load listing = table.begin(MOUNT, "d", 100)) {
            listing.found(List.of(DIRECTORY));
            table.forget(MOUNT, "d/f");
            listing.found(List.of(FILE));
            listing.foundAllChildren();
        }
        assertNull(table.row(MOUNT, "d/f"));
        assertEquals(0, childrenLoaded("d"), "or the file would count as absent");
    }

    @Test
    void aListingIsWholeAfterOtherThingsWereForgotten() {
        try (MirrorTable.Load listing = table.begin(MOUNT, "d", 100)) {
            listing.found(List.of(DIRECTORY, FILE));
            table.forget(MOUNT, "other/f");
            table.forget(2, "d/f");
            listing.foundAllChildren();
        }
        assertNotNull(table.row(MOUNT, "d/f"));
        assertEquals(100, childrenLoaded("d"));
    }

    @Test
    void whatWasPutDuringAListingOutlastsItWhateverTheClockSays() {
        try (MirrorTable.Load listing = table.begin(MOUNT, "d", 100)) {
            listing.found(List.of(DIRECTORY));
            table.put(MOUNT, FILE, 90);
            listing.foundAllChildren();
        }
        assertNotNull(table.row(MOUNT, "d/f"));
        assertEquals(100, childrenLoaded("d"));
    }

    @Test
    void whatLiesBelowIsForgottenHoweverDeepWhateverIsKnownBetween() {
        table.put(MOUNT, StoreStatus.file("d/a/b/c/f", 5, 1, "tag"), 90);
        table.put(MOUNT, StoreStatus.file("e/x", 5, 1, "tag"), 90);
        table.put(MOUNT, StoreStatus.file("e/\ud83d\ude00", 5, 1, "tag"), 90);
        table.put(2, StoreStatus.file("d/a/b/c/f", 5, 1, "tag"), 90);
        table.forget(MOUNT, "d");
        assertNull(table.row(MOUNT, "d/a/b/c/f"));
        assertNotNull(table.row(MOUNT, "e/x"));
        assertNotNull(table.row(MOUNT, "e/\ud83d\ude00"));
        assertNotNull(table.row(2, "d/a/b/c/f"));
    }

    private long childrenLoaded(String directory) {
        MirrorRow row = table.row(MOUNT, directory);
        assertNotNull(row);
        return row.childrenLoadedMillis();
    }
}
