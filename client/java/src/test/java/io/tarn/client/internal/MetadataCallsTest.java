package io.tarn.client.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tarn.client.ClientOptions;
import io.tarn.client.FileInfo;
import io.tarn.client.ListOptions;
import io.tarn.client.Listing;
import io.tarn.client.OpenOptions;
import io.tarn.client.TarnClient;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.v1.Caller;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MetadataCallsTest {
    private FaultyMaster master;
    private TarnClient client;

    @BeforeEach
    void start() throws IOException {
        master = new FaultyMaster();
        client = TarnClient.connect(options(master.address()));
    }

    @AfterEach
    void stop() {
        client.close();
        master.close();
    }

    private static ClientOptions options(String... masters) {
        return ClientOptions.of(masters).withUser("ada").withDeadline(Duration.ofSeconds(10));
    }

    @Test
    void repeatsAMutationUnderTheSameCallNumber() throws TarnException {
        master.failures.addAll(List.of(ErrorCode.UNAVAILABLE, ErrorCode.BUSY, ErrorCode.NOT_LEADER));
        FileInfo made = client.makeDirectory("/a", true, false, 0755);
        assertTrue(made.isDirectory());
        assertEquals(4, master.callers.size());
        assertEquals(
                1, master.callers.stream().map(Caller::getCallNumber).distinct().count());
        assertEquals("ada", master.callers.get(0).getUser());
        client.makeDirectory("/b", true, false, 0755);
        assertEquals(
                2, master.callers.stream().map(Caller::getCallNumber).distinct().count());
        assertEquals(3, client.figures().retries());
    }

    @Test
    void doesNotRepeatWhatCannotSucceed() {
        master.failures.add(ErrorCode.PERMISSION_DENIED);
        TarnException failure = assertThrows(TarnException.class, () -> client.status("/a"));
        assertEquals(ErrorCode.PERMISSION_DENIED, failure.code());
        assertEquals("told to say PERMISSION_DENIED", failure.getMessage());
        assertEquals(1, master.callers.size());
    }

    @Test
    void closingEndsCallsThatWait() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            ClientOptions patient =
                    ClientOptions.of("127.0.0.1:" + silent.getLocalPort()).withDeadline(Duration.ofHours(1));
            TarnClient waiting = TarnClient.connect(patient);
            CompletableFuture<TarnException> ended =
                    CompletableFuture.supplyAsync(() -> assertThrows(TarnException.class, () -> waiting.status("/a")));
            silent.accept();
            waiting.close();
            ended.get(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void whatAMasterSaidOfAStillMountServesOnWhileNoneAnswers() throws IOException {
        ClientOptions hasty = options(master.address()).withDeadline(Duration.ofMillis(300));
        try (TarnClient reader = TarnClient.connect(hasty)) {
            master.validMillis = 1;
            reader.open("/still", OpenOptions.DEFAULT).close();
            master.close();
            for (int i = 0; i < 100; i++) {
                reader.open("/still", OpenOptions.DEFAULT).close();
            }
            assertThrows(TarnException.class, () -> reader.open("/never-seen", OpenOptions.DEFAULT));
        }
    }

    @Test
    void refusesImpossiblePathsWithoutACall() {
        assertEquals(
                ErrorCode.INVALID_ARGUMENT,
                assertThrows(TarnException.class, () -> client.status("relative"))
                        .code());
        assertEquals(
                ErrorCode.NAME_TOO_LONG,
                assertThrows(TarnException.class, () -> client.status("/" + "x".repeat(256)))
                        .code());
        assertEquals(0, master.callers.size());
    }

    @Test
    void goesToTheMasterThatAnswers() throws IOException {
        try (TarnClient other = TarnClient.connect(options("127.0.0.1:" + unusedPort(), master.address()))) {
            assertEquals("/a", other.status("/a").path());
        }
    }

    @Test
    void theMasterThatLeadsIsFoundWithoutAPause() throws Exception {
        master.failures.add(ErrorCode.NOT_LEADER);
        try (FaultyMaster leader = new FaultyMaster();
                TarnClient other = TarnClient.connect(options(master.address(), leader.address()))) {
            assertEquals("/a", other.status("/a").path());
            assertEquals(0, other.figures().retries());
            assertEquals(1, leader.callers.size());
        }
    }

    @Test
    void aMasterThatSaysNothingIsLeftForTheNext() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
                TarnClient other =
                        TarnClient.connect(options("127.0.0.1:" + silent.getLocalPort(), master.address()))) {
            assertEquals("/a", other.status("/a").path());
            assertEquals(1, other.figures().retries());
        }
    }

    @Test
    void whatTheLeaderSaysCountsMoreThanThatOthersDoNotLead() throws Exception {
        try (FaultyMaster leader = new FaultyMaster();
                TarnClient other = TarnClient.connect(
                        options(leader.address(), master.address()).withDeadline(Duration.ofSeconds(1)))) {
            for (int i = 0; i < 100; i++) {
                leader.failures.add(ErrorCode.UNAVAILABLE);
                master.failures.add(ErrorCode.NOT_LEADER);
            }
            TarnException failure = assertThrows(TarnException.class, () -> other.status("/a"));
            assertEquals(ErrorCode.UNAVAILABLE, failure.code());
        }
    }

    @Test
    void saysWhichMasterDoesNotAnswer() throws IOException {
        String nobody = "127.0.0.1:" + unusedPort();
        ClientOptions impatient = ClientOptions.of(nobody).withUser("ada").withDeadline(Duration.ofMillis(300));
        try (TarnClient other = TarnClient.connect(impatient)) {
            TarnException failure = assertThrows(TarnException.class, () -> other.status("/a"));
            assertEquals(ErrorCode.UNAVAILABLE, failure.code());
            assertTrue(failure.toString().contains(nobody), failure.toString());
        }
    }

    @Test
    void goesOnWithAListingThatBroke() throws TarnException {
        master.breakListingAfter = 20;
        List<String> names = new ArrayList<>();
        try (Listing listing = client.list("/directory", ListOptions.CHILDREN)) {
            while (listing.hasNext()) {
                names.add(listing.next().name());
            }
        }
        assertEquals(FaultyMaster.LISTED, names.size());
        assertEquals(FaultyMaster.LISTED, names.stream().distinct().count());
    }

    @Test
    void anAddressThatCannotBeParsedIsRefusedAtOnce() {
        assertThrows(IllegalArgumentException.class, () -> TarnClient.connect(options("host:port")));
        assertThrows(IllegalArgumentException.class, () -> TarnClient.connect(options("tarn://host:1/")));
        assertThrows(IllegalArgumentException.class, () -> TarnClient.connect(options()));
    }

    private static int unusedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
