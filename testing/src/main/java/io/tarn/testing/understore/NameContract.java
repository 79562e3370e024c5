package io.tarn.testing.understore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.understore.CreateOptions;
import io.tarn.understore.StoreStatus;
import io.tarn.understore.Utf8Order;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Odd names that the namespace allows, and those that it does not. */
interface NameContract extends ContractSubject {
    @Test
    default void keepsOddNames() throws Exception {
        List<String> names = List.of(
                "with space",
                "a+b",
                "100%",
                "%2F",
                "%20",
                "a&b=c",
                "x?y#z",
                "semi;colon",
                "quote'\"",
                "back\\slash",
                "...",
                "..x",
                ".hidden",
                "üñï",
                "日本語",
                "😀🚀",
                "tilde~",
                "[br]{ace}",
                "a*b",
                "<xml>&amp;",
                "trailing ");
        for (String name : names) {
            StoreStatus status = probe().put("odd/" + name, name);
            assertEquals("odd/" + name, status.path());
            assertEquals(name, probe().text("odd/" + name));
        }
        List<String> sorted = names.stream().sorted(Utf8Order.INSTANCE).toList();
        assertEquals(sorted, probe().names("odd"));
        assertEquals(names.size(), probe().files("odd").size());
        for (String name : names) {
            assertTrue(store().deleteFile("odd/" + name, ""), name);
        }
    }

    @Test
    default void oddNamesOfDirectories() throws Exception {
        for (String name : List.of("a b", "a+b", "50%", "ü", "a&b")) {
            probe().put("odd/" + name + "/in side", name);
            assertEquals(List.of("in side"), probe().names("odd/" + name));
            assertTrue(probe().status("odd/" + name).directory());
        }
        assertEquals(List.of("50%/", "a b/", "a&b/", "a+b/", "ü/"), probe().names("odd"));
        assertTrue(store().deleteDirectory("odd/a b", true));
        assertEquals(List.of("50%/", "a&b/", "a+b/", "ü/"), probe().names("odd"));
    }

    @Test
    default void longNames() throws Exception {
        String name = "n".repeat(flaws().contains(ServerFlaw.SHORT_NAMES) ? 100 : 250);
        probe().put(name + "/" + name, "x");
        assertEquals(List.of(name), probe().names(name));
    }

    @Test
    default void pathsThatCannotBeAreRefused() {
        for (String path : List.of("..", "a/../b", "../x", ".", "a/./b", "/a", "a/", "a//b", "nul\0", "\ud800")) {
            probe().fails(() -> store().status(path), ErrorCode.INVALID_ARGUMENT);
            probe().fails(() -> store().create(path, CreateOptions.REPLACE), ErrorCode.INVALID_ARGUMENT);
            probe().fails(() -> store().deleteFile(path, ""), ErrorCode.INVALID_ARGUMENT);
            probe().fails(() -> store().list(path, ""), ErrorCode.INVALID_ARGUMENT);
        }
        probe().fails(() -> store().status("n".repeat(256)), ErrorCode.NAME_TOO_LONG);
    }
}
