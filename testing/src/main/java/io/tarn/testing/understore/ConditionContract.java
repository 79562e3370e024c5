package io.tarn.testing.understore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.understore.CreateOptions;
import io.tarn.understore.StoreAttributes;
import io.tarn.understore.StoreStatus;
import io.tarn.understore.StoreWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Commits that demand what must be there. */
interface ConditionContract extends ContractSubject {
    CreateOptions ONLY_IF_ABSENT = new CreateOptions(true, null, StoreAttributes.NONE);

    @Test
    default void commitsOnlyWhereNothingIs() throws Exception {
        probe().put("new", "x".getBytes(StandardCharsets.UTF_8), ONLY_IF_ABSENT);
        probe().put("there", "there");
        probe().fails(
                        () -> probe().put("there", "x".getBytes(StandardCharsets.UTF_8), ONLY_IF_ABSENT),
                        ErrorCode.ALREADY_EXISTS);
        assertEquals("there", probe().text("there"));
        assertEquals(List.of("new", "there"), probe().names(""), "a refused commit leaves nothing");
    }

    @Test
    default void aLargeCommitIsConditionalToo() throws Exception {
        try (StoreWriter writer = store().create("file", ONLY_IF_ABSENT)) {
            writer.write(ByteBuffer.wrap(StoreProbe.bytes(12 << 20, 1)));
            behindTheBack().put("file", "was first");
            probe().fails(writer::commit, ErrorCode.ALREADY_EXISTS);
        }
        assertEquals("was first", probe().text("file"));
        assertEquals(List.of("file"), probe().files(""));
    }

    @Test
    default void commitsOnlyOverTheVersionAskedFor() throws Exception {
        StoreStatus first = probe().put("file", "first");
        StoreStatus second = probe().put("file", "second".getBytes(StandardCharsets.UTF_8), over(first));
        probe().fails(
                        () -> probe().put("file", "third".getBytes(StandardCharsets.UTF_8), over(first)),
                        ErrorCode.STORE_CHANGED);
        assertEquals("second", probe().text("file"));
        assertTrue(behindTheBack().store().deleteFile("file", ""));
        probe().fails(
                        () -> probe().put("file", "fourth".getBytes(StandardCharsets.UTF_8), over(second)),
                        ErrorCode.STORE_CHANGED);
        assertTrue(store().status("file").isEmpty(), "a deleted file is never resurrected");
    }

    @Test
    default void ofManyConditionalCommitsOneWins() throws Exception {
        assumeTrue(store().capabilities().conditionalWrites(), "this store looks before it commits");
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> commits = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                String content = "writer " + i;
                commits.add(threads.submit(() -> tryCommit(content)));
            }
            List<String> winners = new ArrayList<>();
            for (Future<String> commit : commits) {
                String winner = commit.get();
                if (!winner.isEmpty()) {
                    winners.add(winner);
                }
            }
            assertEquals(List.of(probe().text("contended")), winners);
        }
    }

    private String tryCommit(String content) throws TarnException {
        try {
            probe().put("contended", content.getBytes(StandardCharsets.UTF_8), ONLY_IF_ABSENT);
            return content;
        } catch (TarnException e) {
            assertEquals(ErrorCode.ALREADY_EXISTS, e.code(), e.getMessage());
            return "";
        }
    }

    private static CreateOptions over(StoreStatus status) {
        return new CreateOptions(false, status.versionTag(), StoreAttributes.NONE);
    }
}
