package io.tarn.worker.persist;

import static io.tarn.worker.persist.PersistFixture.ABSENT;
import static io.tarn.worker.persist.PersistFixture.ANY;
import static io.tarn.worker.persist.PersistFixture.MIB;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.id.FileVersion;
import io.tarn.protocol.v1.Backing;
import io.tarn.protocol.v1.PersistCondition;
import io.tarn.protocol.v1.PersistOrder.Step;
import io.tarn.protocol.v1.PersistReport;
import io.tarn.protocol.v1.PersistReport.Result;
import io.tarn.testing.understore.Faults;
import io.tarn.testing.understore.FaultyUnderStore;
import io.tarn.testing.understore.MemoryUnderStore;
import io.tarn.testing.understore.StoreCall;
import io.tarn.testing.understore.StoreProbe;
import io.tarn.worker.page.CachedFile;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class PersistServiceTest {
    private final byte[] content = StoreProbe.bytes(2 * MIB + 777, 3);

    @TempDir
    Path directory;

    private PersistFixture fixture;

    @BeforeEach
    void start() throws IOException {
        fixture = new PersistFixture(directory, new MemoryUnderStore("memory://test", () -> 1_000));
        fixture.under.createDirectory("dir"); // as the master has it made
    }

    @AfterEach
    void stop() throws IOException {
        fixture.close();
    }

    private PersistReport expect(Result result) throws InterruptedException {
        PersistReport report = fixture.master.report();
        assertEquals(result, report.getResult(), report::toString);
        return report;
    }

    private void failsWith(ErrorCode code) throws InterruptedException {
        assertEquals(code, ErrorCode.ofNumber(expect(Result.FAILED).getFailure().getCode()));
    }

    @Test
    void whatIsPreparedTooLateDoesNotBringItsDirectoryBack() throws Exception {
        FileVersion version = fixture.write(5, content);
        fixture.under.deleteDirectory("dir", true);
        fixture.master.order(fixture.prepare(1, version, content.length, "dir/file", ABSENT));
        failsWith(ErrorCode.STORE_NOT_FOUND);
        assertTrue(fixture.under.status("dir").isEmpty());
    }

    @Test
    void aFileShowsAtTheCommitAndItsPagesServeTheNewVersion() throws Exception {
        FileVersion version = fixture.write(5, content);
        fixture.master.order(fixture.prepare(1, version, content.length, "dir/file", ABSENT));
        expect(Result.PREPARED);
        assertTrue(fixture.under.status("dir/file").isEmpty());
        fixture.master.step(1, Step.COMMIT);
        PersistReport committed = expect(Result.COMMITTED);
        assertArrayEquals(content, fixture.probe.get("dir/file"));
        assertEquals(
                fixture.probe.status("dir/file").versionTag(),
                committed.getBacking().getVersionTag());
        assertEquals(content.length, committed.getLengthBytes());
        Persisted became = fixture.persisted.find(version);
        assertNotNull(became);
        try (CachedFile file = fixture.pages.find(became.version())) {
            assertNotNull(file);
            assertTrue(file.fullyCached());
        }
        assertTrue(fixture.pages.unpersistedVersions().isEmpty());
        fixture.restart();
        assertEquals(became, fixture.persisted.find(version), "tickets of the old version outlive a restart");
    }

    @Test
    void anEmptyFileIsPersisted() throws Exception {
        fixture.master.order(fixture.prepare(1, FileVersion.owned(6, 1), 0, "empty", ABSENT));
        expect(Result.PREPARED);
        fixture.master.step(1, Step.COMMIT);
        expect(Result.COMMITTED);
        assertEquals(0, fixture.probe.status("empty").lengthBytes());
    }

    @Test
    void ordersThatComeTwiceChangeNothing() throws Exception {
        FileVersion version = fixture.write(5, content);
        var prepare = fixture.prepare(1, version, content.length, "file", ABSENT);
        fixture.master.order(prepare);
        fixture.master.order(prepare);
        expect(Result.PREPARED);
        fixture.master.order(prepare);
        expect(Result.PREPARED);
        fixture.master.step(1, Step.COMMIT);
        expect(Result.COMMITTED);
        fixture.master.step(1, Step.COMMIT);
        expect(Result.COMMITTED);
        fixture.master.order(prepare);
        expect(Result.COMMITTED);
        assertEquals(1, fixture.under.faults().calls(StoreCall.COMMIT));
    }

    @Test
    void anAbortLeavesNothingAndIsNotReported() throws Exception {
        FileVersion version = fixture.write(5, content);
        fixture.master.order(fixture.prepare(1, version, content.length, "file", ABSENT));
        expect(Result.PREPARED);
        fixture.master.step(1, Step.ABORT);
        PersistFixture.await("the persist to end", () -> fixture.service.underWay() == 0);
        assertTrue(fixture.under.status("file").isEmpty());
        fixture.master.step(1, Step.COMMIT);
        failsWith(ErrorCode.OUTCOME_UNKNOWN);
        assertFalse(fixture.master.hasReports());
        assertEquals(1, fixture.pages.unpersistedVersions().size());
    }

    @Test
    void aConditionThatDoesNotHoldIsReported() throws Exception {
        FileVersion version = fixture.write(5, content);
        fixture.probe.put("file", "somebody else's");
        fixture.master.order(fixture.prepare(1, version, content.length, "file", ABSENT));
        expect(Result.PREPARED);
        fixture.master.step(1, Step.COMMIT);
        failsWith(ErrorCode.ALREADY_EXISTS);
        PersistCondition old =
                PersistCondition.newBuilder().setVersionTag("gone").build();
        fixture.master.order(fixture.prepare(2, version, content.length, "file", old));
        expect(Result.PREPARED);
        fixture.master.step(2, Step.COMMIT);
        failsWith(ErrorCode.STORE_CHANGED);
        assertEquals("somebody else's", fixture.probe.text("file"));
        fixture.master.order(fixture.prepare(3, version, content.length, "file", ANY));
        expect(Result.PREPARED);
        fixture.master.step(3, Step.COMMIT);
        expect(Result.COMMITTED);
        assertArrayEquals(content, fixture.probe.get("file"));
    }

    @Test
    void aDamagedPageFailsAndNamesItsPlace() throws Exception {
        FileVersion version = fixture.write(5, content);
        try (Stream<Path> files = Files.walk(directory.resolve("mem"))) {
            Path data = files.filter(file -> file.toString().endsWith(".data"))
                    .findFirst()
                    .orElseThrow();
            try (RandomAccessFile file = new RandomAccessFile(data.toFile(), "rw")) {
                file.seek(MIB + 5);
                int old = file.read();
                file.seek(MIB + 5);
                file.write(old ^ 1);
            }
        }
        fixture.master.order(fixture.prepare(1, version, content.length, "file", ABSENT));
        PersistReport failed = expect(Result.FAILED);
        assertEquals(ErrorCode.CORRUPT.number(), failed.getFailure().getCode());
        String message = failed.getFailure().getMessage();
        assertTrue(message.contains("/data/file at offset 1048576"), message);
        assertTrue(fixture.probe.files("").isEmpty());
    }

    @Test
    void pagesThatAreNotHereAreReported() throws Exception {
        fixture.master.order(fixture.prepare(1, FileVersion.owned(9, 1), 100, "file", ABSENT));
        failsWith(ErrorCode.NOT_FOUND);
    }

    @Test
    void aStoreThatIsAwayIsReportedAndTheNextTryWorks() throws Exception {
        FileVersion version = fixture.write(5, content);
        fixture.under.faults().fail(StoreCall.WRITE, 1, FaultyUnderStore.unavailable("file"));
        fixture.master.order(fixture.prepare(1, version, content.length, "file", ABSENT));
        failsWith(ErrorCode.STORE_UNAVAILABLE);
        fixture.master.order(fixture.prepare(2, version, content.length, "file", ABSENT));
        expect(Result.PREPARED);
        fixture.master.step(2, Step.COMMIT);
        expect(Result.COMMITTED);
    }

    @Test
    void aCommitWhoseAnswerIsLostIsReportedAsUnknownAndDoneAgain() throws Exception {
        FileVersion version = fixture.write(5, content);
        fixture.under.faults().loseCommitAnswers(1);
        fixture.master.order(fixture.prepare(1, version, content.length, "file", ABSENT));
        expect(Result.PREPARED);
        fixture.master.step(1, Step.COMMIT);
        failsWith(ErrorCode.OUTCOME_UNKNOWN);
        fixture.master.order(fixture.prepare(2, version, content.length, "file", ANY));
        expect(Result.PREPARED);
        fixture.master.step(2, Step.COMMIT);
        expect(Result.COMMITTED);
        assertArrayEquals(content, fixture.probe.get("file"));
    }

    @Test
    void aPersistThatTheMasterHasForgottenIsTheSameAgainWithoutItsPages() throws Exception {
        FileVersion version = fixture.write(5, content);
        fixture.master.order(fixture.prepare(1, version, content.length, "file", ABSENT));
        expect(Result.PREPARED);
        fixture.master.step(1, Step.COMMIT);
        String tag = expect(Result.COMMITTED).getBacking().getVersionTag();
        Persisted became = fixture.persisted.find(version);
        assertNotNull(became);
        fixture.pages.delete(became.version());
        fixture.restart();
        fixture.master.order(fixture.prepare(2, version, content.length, "file", ANY));
        expect(Result.PREPARED);
        fixture.master.step(2, Step.COMMIT);
        assertEquals(tag, expect(Result.COMMITTED).getBacking().getVersionTag());
        assertEquals(1, fixture.under.faults().calls(StoreCall.COMMIT));
    }

    @Test
    void whatOthersMadeOfACommittedFileSinceChangesNothingOfTheCommit() throws Exception {
        FileVersion version = fixture.write(5, content);
        fixture.master.order(fixture.prepare(1, version, content.length, "file", ABSENT));
        expect(Result.PREPARED);
        fixture.master.step(1, Step.COMMIT);
        String tag = expect(Result.COMMITTED).getBacking().getVersionTag();
        fixture.restart();
        fixture.probe.put("file", "somebody else's");
        fixture.master.order(fixture.prepare(2, version, content.length, "file", ANY));
        expect(Result.PREPARED);
        fixture.master.step(2, Step.COMMIT);
        assertEquals(tag, expect(Result.COMMITTED).getBacking().getVersionTag());
        assertEquals("somebody else's", fixture.probe.text("file"));
    }

    @Test
    void aStatusThatCannotBeReadAfterACommitLeavesTheOutcomeInDoubt() throws Exception {
        FileVersion version = fixture.write(5, content);
        fixture.master.order(fixture.prepare(1, version, content.length, "file", ABSENT));
        expect(Result.PREPARED);
        fixture.master.step(1, Step.COMMIT);
        expect(Result.COMMITTED);
        fixture.restart();
        fixture.under.faults().fail(StoreCall.STATUS, 1, FaultyUnderStore.unavailable("file"));
        fixture.master.order(fixture.prepare(2, version, content.length, "file", ANY));
        expect(Result.PREPARED);
        fixture.master.step(2, Step.COMMIT);
        failsWith(ErrorCode.OUTCOME_UNKNOWN);
        fixture.master.order(fixture.prepare(3, version, content.length, "file", ANY));
        expect(Result.PREPARED);
        fixture.master.step(3, Step.COMMIT);
        expect(Result.COMMITTED);
    }

    @Test
    void aStopBetweenTheNoteOfACommitAndTheNewVersionOfThePagesLeavesNoPagesBehind() throws Exception {
        FileVersion version = fixture.write(5, content);
        String tag = fixture.probe.put("file", content).versionTag();
        Backing backing = Backing.newBuilder()
                .setMountId(PersistFixture.MOUNT)
                .setPath("file")
                .setVersionTag(tag)
                .build();
        fixture.persisted.add(new Persisted(version, backing, 0));
        fixture.restart();
        fixture.master.order(fixture.prepare(1, version, content.length, "file", ANY));
        expect(Result.PREPARED);
        fixture.master.step(1, Step.COMMIT);
        assertEquals(tag, expect(Result.COMMITTED).getBacking().getVersionTag());
        assertTrue(fixture.pages.unpersistedVersions().isEmpty());
    }

    @Test
    void anUnmountBetweenTheStepsEndsThePersist() throws Exception {
        FileVersion version = fixture.write(5, content);
        fixture.master.order(fixture.prepare(1, version, content.length, "file", ABSENT));
        expect(Result.PREPARED);
        fixture.mount(false);
        fixture.master.step(1, Step.COMMIT);
        failsWith(ErrorCode.UNAVAILABLE);
        assertTrue(fixture.probe.files("").isEmpty());
        fixture.master.order(fixture.prepare(2, version, content.length, "file", ABSENT));
        failsWith(ErrorCode.UNAVAILABLE);
    }

    @Test
    void ordersOfAnOlderLeaderAreNotCarriedOut() throws Exception {
        FileVersion version = fixture.write(5, content);
        fixture.cluster.sawEpoch(6);
        fixture.master.order(fixture.prepare(1, version, content.length, "file", ABSENT));
        fixture.master.lead(6);
        fixture.master.step(99, Step.COMMIT);
        PersistReport unknown = expect(Result.FAILED);
        PersistReport other = unknown.getPersistId() == 99 ? null : expect(Result.FAILED);
        assertTrue(other == null || other.getPersistId() == 99);
        assertTrue(fixture.probe.files("").isEmpty());
        assertEquals(0, fixture.under.faults().calls(StoreCall.COMMIT));
    }

    @Test
    void noMoreThanTheBoundAreUnderWayAndReportsOutlastAMasterThatIsAway() throws Exception {
        Faults.Stall stall = fixture.under.faults().stall(StoreCall.WRITE);
        for (int i = 1; i <= 4; i++) {
            FileVersion version = fixture.write(10 + i, content);
            fixture.master.order(fixture.prepare(i, version, content.length, "file-" + i, ABSENT));
        }
        PersistFixture.await("four persists", () -> fixture.service.underWay() == 4);
        stall.awaitEntered();
        PersistFixture.await("two writers", () -> fixture.under.faults().calls(StoreCall.CREATE) == 2);
        fixture.master.away(true);
        stall.release();
        fixture.master.away(false);
        long first = expect(Result.PREPARED).getPersistId();
        long second = expect(Result.PREPARED).getPersistId();
        assertEquals(2, fixture.under.faults().calls(StoreCall.CREATE), "the others wait for these two to end");
        fixture.master.step(first, Step.ABORT);
        fixture.master.step(second, Step.ABORT);
        expect(Result.PREPARED);
        expect(Result.PREPARED);
        assertEquals(4, fixture.under.faults().calls(StoreCall.CREATE));
    }

    @Test
    void aStopAbortsWhatIsPrepared() throws Exception {
        FileVersion version = fixture.write(5, content);
        fixture.master.order(fixture.prepare(1, version, content.length, "file", ABSENT));
        expect(Result.PREPARED);
        fixture.restart();
        assertTrue(fixture.probe.files("").isEmpty());
        assertEquals(1, fixture.pages.unpersistedVersions().size());
        fixture.master.step(1, Step.COMMIT);
        failsWith(ErrorCode.OUTCOME_UNKNOWN);
    }
}
