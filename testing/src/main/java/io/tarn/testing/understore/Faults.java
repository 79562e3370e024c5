package io.tarn.testing.understore;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** What goes wrong with the calls of a {@link FaultyUnderStore}. Each fault happens a given number of times, then the store is healthy. Thread-safe. */
public final class Faults {
    private volatile BiConsumer<StoreCall, String> observer = (call, path) -> {};
    private final List<Planned> planned = new CopyOnWriteArrayList<>();
    private final List<PlannedRead> plannedReads = new CopyOnWriteArrayList<>();
    private final Map<StoreCall, AtomicInteger> calls = new EnumMap<>(StoreCall.class);
    private final Map<String, AtomicInteger> readsByPath = new ConcurrentHashMap<>();

    private record Planned(
            StoreCall call,
            AtomicInteger times,
            boolean after,
            @Nullable TarnException failure,
            Stall stall) {}

    private record PlannedRead(String path, ReadFault fault, AtomicInteger times) {}

    /** A call that waits until it is released. */
    public static final class Stall {
        private final CountDownLatch entered = new CountDownLatch(1);
        private final CountDownLatch released = new CountDownLatch(1);

        /** Waits until some call is caught in this stall. */
        public void awaitEntered() throws InterruptedException {
            entered.await();
        }

        /** Lets all calls that are caught, and later ones, go on. */
        public void release() {
            released.countDown();
        }

        private void pass() {
            entered.countDown();
            boolean interrupted = false;
            while (true) {
                try {
                    released.await();
                    break;
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    Faults() {
        for (StoreCall call : StoreCall.values()) {
            calls.put(call, new AtomicInteger());
        }
    }

    /** The next {@code times} calls fail with {@code failure} before they reach the store. */
    public void fail(StoreCall call, int times, TarnException failure) {
        planned.add(new Planned(call, new AtomicInteger(times), false, failure, open()));
    }

    /** The next {@code times} commits succeed in the store, and fail after that, as {@link io.tarn.understore.StoreWriter#commit} has it. */
    public void loseCommitAnswers(int times) {
        loseAnswers(StoreCall.COMMIT, times, new TarnException(ErrorCode.OUTCOME_UNKNOWN, "injected: a lost answer"));
    }

    /**
     * The next {@code times} calls succeed in the store, and their caller is told {@code failure}.
     *
     * @param call a commit, or another change of names: directories, deletions, renames, copies
     */
    public void loseAnswers(StoreCall call, int times, TarnException failure) {
        planned.add(new Planned(call, new AtomicInteger(times), true, failure, open()));
    }

    /** Calls wait, before they reach the store, until the returned stall is released. */
    public Stall stall(StoreCall call) {
        Stall stall = new Stall();
        planned.add(new Planned(call, new AtomicInteger(Integer.MAX_VALUE), false, null, stall));
        return stall;
    }

    /** The next {@code times} reads of {@code path} meet {@code fault}. */
    public void onRead(String path, int times, ReadFault fault) {
        plannedReads.add(new PlannedRead(path, fault, new AtomicInteger(times)));
    }

    /** Forgets all planned faults; what is stalled stays so until released. */
    public void clear() {
        planned.clear();
        plannedReads.clear();
    }

    /** Called before each call reaches the store, and may wait; replaces an earlier one. */
    public void observe(BiConsumer<StoreCall, String> newObserver) {
        observer = newObserver;
    }

    /** How often {@code call} was made. */
    public int calls(StoreCall call) {
        return counter(call).get();
    }

    /** How often {@code path} was read from the store. */
    public int reads(String path) {
        AtomicInteger reads = readsByPath.get(path);
        return reads == null ? 0 : reads.get();
    }

    void before(StoreCall call, String path) throws TarnException {
        counter(call).incrementAndGet();
        observer.accept(call, path);
        if (call == StoreCall.READ) {
            readsByPath.computeIfAbsent(path, any -> new AtomicInteger()).incrementAndGet();
        }
        happen(call, false);
    }

    void after(StoreCall call) throws TarnException {
        happen(call, true);
    }

    @Nullable
    ReadFault readFault(String path) {
        for (PlannedRead read : plannedReads) {
            if (read.path().equals(path) && take(read.times())) {
                return read.fault();
            }
        }
        return null;
    }

    private void happen(StoreCall call, boolean after) throws TarnException {
        for (Planned fault : planned) {
            if (fault.call() == call && fault.after() == after && take(fault.times())) {
                fault.stall().pass();
                TarnException failure = fault.failure();
                if (failure != null) {
                    throw failure;
                }
            }
        }
    }

    private static boolean take(AtomicInteger times) {
        return times.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
    }

    private AtomicInteger counter(StoreCall call) {
        return calls.getOrDefault(call, new AtomicInteger());
    }

    private static Stall open() {
        Stall stall = new Stall();
        stall.release();
        return stall;
    }
}
