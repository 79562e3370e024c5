package io.tarn.worker.server;

import static io.tarn.worker.server.ServerFixture.MIB;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.frame.FrameHeader;
import io.tarn.protocol.frame.FrameType;
import io.tarn.protocol.v1.LoadRange;
import io.tarn.protocol.v1.LoadedRange;
import io.tarn.protocol.v1.MountOptions;
import io.tarn.protocol.v1.ReadType;
import io.tarn.protocol.v1.Residency;
import io.tarn.runtime.config.DataSize;
import io.tarn.testing.understore.ReadFault;
import io.tarn.testing.understore.StoreCall;
import io.tarn.testing.understore.StoreProbe;
import io.tarn.understore.StoreStatus;
import io.tarn.understore.UnderStores;
import io.tarn.worker.fill.FillSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class FillTest {
    private static final int LENGTH = 9 * MIB + 5;

    private final byte[] content = StoreProbe.bytes(LENGTH, 1);
    private ServerFixture fixture;
    private StoreStatus status;

    @BeforeEach
    void start() throws IOException {
        use(new ServerFixture());
    }

    private void use(ServerFixture chosen) throws IOException {
        if (fixture != null) {
            fixture.close();
        }
        fixture = chosen;
        status = fixture.probe.put("file", content);
    }

    @AfterEach
    void stop() throws IOException {
        fixture.close();
    }

    private byte[] part(long offset, int length) {
        return Arrays.copyOfRange(content, (int) offset, (int) offset + length);
    }

    private static void inParallel(int threads, Callable<Void> body) throws Exception {
        try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
            List<Future<Void>> running = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                running.add(executor.submit(body));
            }
            for (Future<Void> one : running) {
                one.get();
            }
        }
    }

    @Test
    void sixteenReadersOfAFileFetchItOnce() throws Exception {
        inParallel(16, () -> {
            try (RawClient client = fixture.connect()) {
                long handle = client.openRead(fixture.ticket(status), ReadType.CACHE);
                for (int offset = 0; offset < LENGTH; offset += 300_000) {
                    int length = Math.min(300_000, LENGTH - offset);
                    assertArrayEquals(part(offset, length), client.read(handle, offset, length));
                }
            }
            return null;
        });
        assertEquals(LENGTH, fixture.storeBytes());
        ServerFixture.await(
                "the store's own count", () -> fixture.probe.figures("get").bytes() == LENGTH);
    }

    @Test
    void sixteenRandomReadersFetchEachPageTheyTouchOnce() throws Exception {
        byte[] large = StoreProbe.bytes(40 * MIB, 4);
        StoreStatus big = fixture.probe.put("big", large);
        Set<Integer> touched = ConcurrentHashMap.newKeySet();
        inParallel(16, () -> {
            Random random = new Random();
            try (RawClient client = fixture.connect()) {
                long handle = client.openRead(fixture.ticket(big), ReadType.CACHE);
                for (int i = 0; i < 12; i++) {
                    int offset = random.nextInt(40 * MIB - 4096);
                    touched.add(offset / MIB);
                    touched.add((offset + 4095) / MIB);
                    assertArrayEquals(
                            Arrays.copyOfRange(large, offset, offset + 4096), client.read(handle, offset, 4096));
                }
            }
            return null;
        });
        assertEquals((long) touched.size() * MIB, fixture.storeBytes());
    }

    @Test
    void bytesReachTheReaderBeforeTheirPageIsComplete() throws Exception {
        CountDownLatch rest = new CountDownLatch(1);
        fixture.under.faults().onRead("file", 1, ReadFault.pause(700_000, rest::await));
        try (RawClient client = fixture.connect()) {
            long handle = client.openRead(fixture.ticket(status), ReadType.CACHE);
            client.sendRead(handle, 0, MIB, FrameHeader.RANDOM);
            RawClient.Reply first = client.receive().orThrow();
            assertEquals(FrameType.DATA, first.header().type());
            assertTrue(first.payload().length > 0 && first.payload().length <= 700_000);
            assertArrayEquals(part(0, first.payload().length), first.payload());
            assertEquals(0, fixture.pages.files(), "the page is not stored yet");
            rest.countDown();
            byte[] second = client.receiveRange(first.payload().length);
            assertEquals(MIB, first.payload().length + second.length);
        }
    }

    @Test
    void aSecondReaderJoinsAFetchThatIsGoingOn() throws Exception {
        CountDownLatch rest = new CountDownLatch(1);
        fixture.under.faults().onRead("file", 1, ReadFault.pause(500_000, rest::await));
        try (RawClient one = fixture.connect();
                RawClient two = fixture.connectSocket()) {
            long handle = one.openRead(fixture.ticket(status), ReadType.CACHE);
            one.sendRead(handle, 0, MIB, FrameHeader.RANDOM);
            one.receive().orThrow();
            long other = two.openRead(fixture.ticket(status), ReadType.NO_CACHE);
            assertArrayEquals(part(1000, 1000), two.read(other, 1000, 1000, FrameHeader.RANDOM));
            rest.countDown();
            assertArrayEquals(part(MIB - 1000, 1000), two.read(other, MIB - 1000, 1000, FrameHeader.RANDOM));
        }
        assertEquals(MIB, fixture.storeBytes());
        assertEquals(1, fixture.under.faults().calls(StoreCall.READ));
    }

    @Test
    void aBrokenAnswerFailsItsReadersKeepsNothingOfThePageAndARetryWorks() throws Exception {
        fixture.under.faults().onRead("file", 1, ReadFault.truncate(100_000));
        try (RawClient client = fixture.connect()) {
            long handle = client.openRead(fixture.ticket(status), ReadType.CACHE);
            TarnException failure =
                    assertThrows(TarnException.class, () -> client.read(handle, 2 * MIB, MIB, FrameHeader.RANDOM));
            assertEquals(ErrorCode.STORE_UNAVAILABLE, failure.code());
            assertTrue(failure.getMessage().contains("/data/file"), failure.getMessage());
            assertTrue(failure.getMessage().contains("at offset " + 2 * MIB), failure.getMessage());
            assertEquals(0, fixture.pages.files());
            assertArrayEquals(content, client.read(handle, 0, LENGTH));
        }
    }

    @Test
    void aReplacedObjectIsAnErrorNeverAMixture() throws Exception {
        byte[] newer = StoreProbe.bytes(LENGTH, 99);
        try (RawClient client = fixture.connect()) {
            long handle = client.openRead(fixture.ticket(status), ReadType.CACHE);
            assertArrayEquals(part(0, 10), client.read(handle, 0, 10, FrameHeader.RANDOM));
            StoreStatus replaced = fixture.probe.put("file", newer);
            TarnException failure =
                    assertThrows(TarnException.class, () -> client.read(handle, 4 * MIB, 10, FrameHeader.RANDOM));
            assertEquals(ErrorCode.STORE_CHANGED, failure.code());
            assertArrayEquals(part(100, 10), client.read(handle, 100, 10), "what is cached of the old version stays");
            long reopened = client.openRead(fixture.ticket(replaced), ReadType.CACHE);
            assertArrayEquals(newer, client.read(reopened, 0, LENGTH));
        }
    }

    @Test
    void aStoreThatLooksBeforeAndAfterShowsNothingBeforeItHasLookedAgain(@TempDir Path directory) throws Exception {
        use(new ServerFixture(
                64,
                FillSettings.DEFAULT,
                settings -> settings,
                UnderStores.load().open(directory.toUri().toString(), MountOptions.getDefaultInstance())));
        byte[] newer = StoreProbe.bytes(LENGTH, 98);
        fixture.under.faults().onRead("file", 1, ReadFault.pause(600_000, () -> fixture.probe.put("file", newer)));
        try (RawClient client = fixture.connect()) {
            long handle = client.openRead(fixture.ticket(status), ReadType.CACHE);
            client.sendRead(handle, 0, MIB, FrameHeader.RANDOM);
            RawClient.Reply reply = client.receive();
            assertEquals(FrameType.ERROR, reply.header().type(), "no byte was shown");
            assertEquals(ErrorCode.STORE_CHANGED.number(), reply.header().argument());
            assertEquals(0, fixture.pages.files());
            long reopened = client.openRead(fixture.ticket(fixture.probe.status("file")), ReadType.CACHE);
            assertArrayEquals(newer, client.read(reopened, 0, LENGTH));
        }
    }

    @Test
    void closingTheHandleStopsWhatNobodyElseWantsWhereNothingIsCached() throws Exception {
        closeWhileTheFirstPageComes(ReadType.NO_CACHE);
        assertTrue(fixture.storeBytes() <= 2 * MIB, "the page that was waited for, and no more");
        assertEquals(0, fixture.pages.files());
    }

    @Test
    void whatARequestWasToBringToTheCacheComesThoughItsReaderHasGone() throws Exception {
        closeWhileTheFirstPageComes(ReadType.CACHE);
        long broughtBytes = fixture.storeBytes();
        try (RawClient client = fixture.connect()) {
            long handle = client.openRead(fixture.ticket(status), ReadType.CACHE);
            client.read(handle, 0, LENGTH, FrameHeader.RANDOM);
            Residency residency = Residency.parseFrom(
                    client.about(FrameType.RESIDENCY, handle, 0).payload());
            assertTrue(residency.getFullyCached());
        }
        assertTrue(broughtBytes > MIB, "all that the first request had asked for: " + broughtBytes);
        assertEquals(LENGTH, fixture.storeBytes(), "nothing came twice");
    }

    private void closeWhileTheFirstPageComes(ReadType readType) throws Exception {
        CountDownLatch rest = new CountDownLatch(1);
        fixture.under.faults().onRead("file", 20, ReadFault.pause(100, rest::await));
        try (RawClient client = fixture.connect()) {
            long handle = client.openRead(fixture.ticket(status), readType);
            client.sendRead(handle, 0, LENGTH, FrameHeader.SEQUENTIAL);
            ServerFixture.await("the fetch", () -> fixture.fills.pagesInFlight() > 0);
            client.closeHandle(handle);
            assertThrows(TarnException.class, () -> client.receiveRange(0));
            rest.countDown();
            ServerFixture.await("the fetches to end", () -> fixture.fills.pagesInFlight() == 0);
            ServerFixture.await(
                    "memory to come back",
                    () -> fixture.fills.freeMemoryBytes()
                            == FillSettings.DEFAULT.memory().bytes());
        }
    }

    @Test
    void littleFillMemoryServesManyReadersWithoutCache() throws Exception {
        use(new ServerFixture(
                64,
                new FillSettings(new DataSize(4 * MIB), new DataSize(64 * MIB), new DataSize(8 * MIB), 64, 20),
                settings -> settings));
        List<StoreStatus> files = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            files.add(fixture.probe.put("many" + i, StoreProbe.bytes(6 * MIB, i)));
        }
        inParallel(9, () -> {
            int number = (int) (Thread.currentThread().threadId() % 3);
            try (RawClient client = fixture.connect()) {
                long handle = client.openRead(fixture.ticket(files.get(number)), ReadType.NO_CACHE);
                assertArrayEquals(
                        StoreProbe.bytes(6 * MIB, number), client.read(handle, 0, 6 * MIB, FrameHeader.SEQUENTIAL));
            }
            return null;
        });
        ServerFixture.await("memory to come back", () -> fixture.fills.freeMemoryBytes() == 4 * MIB);
    }

    @Test
    void loadBringsARangeAndTellsHowFar() throws Exception {
        try (RawClient client = fixture.connect()) {
            long handle = client.openRead(fixture.ticket(status), ReadType.CACHE);
            client.read(handle, 0, 10, FrameHeader.RANDOM);
            assertEquals(MIB, fixture.storeBytes());
            LoadRange range = LoadRange.newBuilder().setLengthBytes(LENGTH).build();
            client.send(FrameHeader.of(FrameType.LOAD, client.nextRequest()).at(handle, 0), range.toByteArray());
            RawClient.Reply reply = client.receive().orThrow();
            while (!reply.header().has(FrameHeader.LAST)) {
                reply = client.receive().orThrow();
            }
            assertEquals(LENGTH, reply.header().offset());
            LoadedRange loaded = LoadedRange.parseFrom(reply.payload());
            assertEquals(MIB, loaded.getAlreadyCachedBytes());
            assertEquals(LENGTH - MIB, loaded.getFetchedBytes());
            assertEquals(LENGTH, fixture.storeBytes());
            Residency residency = Residency.parseFrom(
                    client.about(FrameType.RESIDENCY, handle, 0).payload());
            assertTrue(residency.getFullyCached());
            assertEquals(LENGTH, residency.getCachedBytesByTierMap().get("MEM"));
        }
    }

    @Test
    void loadKeepsToItsRate() throws Exception {
        try (RawClient client = fixture.connect()) {
            long handle = client.openRead(fixture.ticket(status), ReadType.CACHE);
            LoadRange range = LoadRange.newBuilder()
                    .setLengthBytes(4 * MIB)
                    .setBytesPerSecond(8 * MIB)
                    .build();
            long start = System.nanoTime();
            client.call(FrameHeader.of(FrameType.LOAD, client.nextRequest()).at(handle, 0), range.toByteArray());
            assertTrue(System.nanoTime() - start > 400_000_000, "4 MiB at 8 MiB/s take half a second");
            assertEquals(4 * MIB, fixture.storeBytes());
        }
    }
}
