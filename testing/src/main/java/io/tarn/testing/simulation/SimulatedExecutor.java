package io.tarn.testing.simulation;

import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** How an executor of a simulation comes to its end. */
abstract class SimulatedExecutor extends AbstractExecutorService {
    private final CountDownLatch ended = new CountDownLatch(1);
    private boolean shut;

    /** Nothing more is taken. */
    final void shut() {
        shut = true;
    }

    /** Nothing more is done. */
    final void end() {
        ended.countDown();
    }

    @Override
    public final boolean isShutdown() {
        return shut;
    }

    @Override
    public final boolean isTerminated() {
        return ended.getCount() == 0;
    }

    /** Waits for ever: {@link SimulatedTime} bounds it. */
    @Override
    public final boolean awaitTermination(long time, TimeUnit unit) throws InterruptedException {
        ended.await();
        return true;
    }
}
