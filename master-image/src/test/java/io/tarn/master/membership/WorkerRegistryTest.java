package io.tarn.master.membership;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tarn.master.namespace.Taker;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.id.FileVersion;
import io.tarn.protocol.placement.Labels;
import io.tarn.protocol.placement.PlacementKey;
import io.tarn.protocol.placement.WorkerSelector;
import io.tarn.protocol.v1.HeartbeatRequest;
import io.tarn.protocol.v1.RegisterRequest;
import io.tarn.protocol.v1.TierUsage;
import io.tarn.protocol.v1.WorkerAddress;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class WorkerRegistryTest {
    private static final long HEARTBEAT_MILLIS =
            MembershipConfig.DEFAULT.heartbeat().toMillis();
    private static final long TIMEOUT_MILLIS =
            MembershipConfig.DEFAULT.timeout().toMillis();

    private final AtomicLong nowMillis = new AtomicLong(1_000_000);
    private final WorkerRegistry registry =
            new WorkerRegistry(() -> Instant.ofEpochMilli(nowMillis.get()), MembershipConfig.DEFAULT, Set.of());

    @Test
    void whoRegistersIsInTheViewAtOnceWithTheCapacityOfAllItsTiers() {
        assertEquals(List.of(), registry.view().members());
        register(2, 100, 50);
        register(1, 7);
        assertEquals(List.of(1L, 2L), ids());
        assertEquals(150, registry.view().members().get(1).getCapacityBytes());
    }

    @Test
    void theVersionChangesWithTheViewOnly() {
        register(1, 100);
        long version = registry.view().version();
        nowMillis.addAndGet(HEARTBEAT_MILLIS);
        heartbeat(1, 100);
        register(1, 100);
        assertEquals(version, registry.view().version());
        register(2, 100);
        assertNotEquals(version, registry.view().version());
    }

    @Test
    void whoIsSilentLeavesTheViewAndComesBackWithItsNextHeartbeat() {
        register(1, 100);
        register(2, 100);
        long version = registry.view().version();
        nowMillis.addAndGet(TIMEOUT_MILLIS + 1);
        heartbeat(1, 100);
        assertEquals(List.of(1L), ids());
        assertNotEquals(version, registry.view().version());
        heartbeat(2, 100);
        nowMillis.addAndGet(HEARTBEAT_MILLIS);
        assertEquals(List.of(1L, 2L), ids());
    }

    @Test
    void aClockThatGoesBackDoesNotKeepAnOldView() {
        register(1, 100);
        assertEquals(100, registry.view().members().get(0).getCapacityBytes());
        nowMillis.addAndGet(-10 * TIMEOUT_MILLIS);
        heartbeat(1, 200);
        assertEquals(200, registry.view().members().get(0).getCapacityBytes());
    }

    @Test
    void readersOfOneVersionGoToTheSameWorkerAndThoseOfAllVersionsToAllWorkers() {
        for (long id = 1; id <= 3; id++) {
            register(id, 100);
        }
        Set<Long> homes = new HashSet<>();
        for (long inode = 1; inode <= 30; inode++) {
            PlacementKey key = PlacementKey.ofVersion(FileVersion.owned(inode, 1));
            List<WorkerAddress> ranked = registry.ranked(key, WorkerSelector.ANY);
            assertEquals(3, ranked.size());
            assertEquals(ranked, registry.ranked(key, WorkerSelector.ANY));
            homes.add(ranked.getFirst().getWorkerId());
        }
        assertEquals(Set.of(1L, 2L, 3L), homes);
    }

    @Test
    void aWorkerWithoutCapacityIsTheLastToBeAsked() {
        register(1);
        register(2, 100);
        register(3, 100);
        for (long inode = 1; inode <= 10; inode++) {
            PlacementKey key = PlacementKey.ofVersion(FileVersion.owned(inode, 1));
            assertEquals(1, registry.ranked(key, WorkerSelector.ANY).getLast().getWorkerId());
        }
    }

    @Test
    void whatAWorkerHasNotNamedIsLookedForOnceItHasNamedAll() throws TarnException {
        FileVersion named = FileVersion.owned(1, 1);
        FileVersion lacking = FileVersion.owned(2, 1);
        RegisterRequest request = RegisterRequest.newBuilder()
                .setAddress(WorkerAddress.newBuilder().setWorkerId(1))
                .setOwnedToFollow(true)
                .build();
        long registration = registry.register(request, 3);
        assertEquals(0, registry.registration(1), "it takes no copies yet");
        assertFalse(registry.mayLack(1, lacking));

        HeartbeatRequest last = HeartbeatRequest.newBuilder()
                .setWorkerId(1)
                .setRegistration(registration)
                .addOwnedVersions(named.toMessage())
                .build();
        HeartbeatRequest other =
                last.toBuilder().setRegistration(registration + 1).build();
        assertFalse(registry.takesNamed(other), "of another registration");
        registry.named(other);
        assertNull(registry.heartbeat(other));
        assertTrue(registry.takesNamed(last));
        registry.named(last);
        assertFalse(registry.takesNamed(last), "once more");
        assertEquals(registration, registry.registration(1));
        assertFalse(registry.mayLack(1, named));
        assertTrue(registry.mayLack(1, lacking));
    }

    @Test
    void aWorkerThatHasMuchToDeleteNamesTheRestLater() throws TarnException {
        RegisterRequest request = RegisterRequest.newBuilder()
                .setAddress(WorkerAddress.newBuilder().setWorkerId(1))
                .setOwnedToFollow(true)
                .build();
        registry.register(request, 20_000);
        for (int id = 1; id <= 10_000; id++) {
            assertTrue(registry.delete(FileVersion.owned(id, 1), List.of(1L)));
        }
        HeartbeatRequest.Builder next = HeartbeatRequest.newBuilder()
                .setWorkerId(1)
                .addOwnedVersions(FileVersion.owned(10_001, 1).toMessage());
        assertFalse(registry.takesNamed(next.build()));
        next.addDeletedVersions(FileVersion.owned(1, 1).toMessage());
        registry.heartbeat(next.build());
        assertTrue(registry.takesNamed(next.build()));
    }

    @Test
    void thoseThatMatchAreRankedFirstAndNobodyIsLeftOut() throws TarnException {
        for (long id = 1; id <= 6; id++) {
            register(labelled(id, id % 2 == 0 ? "a" : "b"));
        }
        WorkerSelector inA = WorkerSelector.parse("zone=a");
        PlacementKey key = PlacementKey.ofVersion(FileVersion.owned(5, 1));
        List<Long> ranked = registry.ranked(key, inA).stream()
                .map(WorkerAddress::getWorkerId)
                .toList();
        assertEquals(Set.of(2L, 4L, 6L), Set.copyOf(ranked.subList(0, 3)));
        assertEquals(Set.of(1L, 3L, 5L), Set.copyOf(ranked.subList(3, 6)));
        assertEquals(3, registry.expected(inA));
        assertEquals(6, registry.expected(WorkerSelector.ANY));
        assertEquals(6, registry.ranked(key, WorkerSelector.parse("zone=c")).size());
        assertTrue(registry.matches(2, inA) && !registry.matches(1, inA));
        assertTrue(registry.matches(99, inA), "it may have said so to another leader");
        nowMillis.addAndGet(TIMEOUT_MILLIS + 1);
        assertEquals(0, registry.expected(inA));
    }

    @Test
    void takersTellTheirZoneAndRoomAndClientsAreToldNoLabels() {
        register(RegisterRequest.newBuilder()
                .setAddress(WorkerAddress.newBuilder().setWorkerId(1).putLabels(Labels.ZONE, "a"))
                .addTiers(TierUsage.newBuilder().setCapacityBytes(100).setUsedBytes(30))
                .addTiers(TierUsage.newBuilder().setCapacityBytes(10).setUsedBytes(10))
                .build());
        register(2);
        PlacementKey key = PlacementKey.ofVersion(FileVersion.owned(5, 1));
        assertEquals(
                List.of(new Taker(WorkerAddress.newBuilder().setWorkerId(1).build(), Map.of(Labels.ZONE, "a"), 70)),
                registry.takers(key),
                "the second one can keep nothing");
        assertEquals(0, registry.ranked(key, WorkerSelector.ANY).getFirst().getLabelsCount());
        assertEquals(
                Map.of(Labels.ZONE, "a"),
                registry.view().members().getFirst().getAddress().getLabelsMap());
    }

    private static RegisterRequest labelled(long workerId, String zone) {
        return RegisterRequest.newBuilder()
                .setAddress(WorkerAddress.newBuilder().setWorkerId(workerId).putLabels("zone", zone))
                .addTiers(TierUsage.newBuilder().setCapacityBytes(100))
                .build();
    }

    private void register(RegisterRequest request) {
        assertDoesNotThrow(() -> registry.register(request, 1));
    }

    private List<Long> ids() {
        return registry.view().members().stream()
                .map(member -> member.getAddress().getWorkerId())
                .toList();
    }

    private void register(long workerId, long... capacitiesBytes) {
        RegisterRequest.Builder request = RegisterRequest.newBuilder()
                .setAddress(WorkerAddress.newBuilder().setWorkerId(workerId));
        for (long capacityBytes : capacitiesBytes) {
            request.addTiers(TierUsage.newBuilder().setCapacityBytes(capacityBytes));
        }
        register(request.build());
    }

    private void heartbeat(long workerId, long capacityBytes) {
        registry.heartbeat(HeartbeatRequest.newBuilder()
                .setWorkerId(workerId)
                .addTiers(TierUsage.newBuilder().setCapacityBytes(capacityBytes))
                .build());
    }
}
