package io.tarn.testing.simulation;

/** Waits for something, but not longer than a time: a timer interrupts who waits. */
final class TimedWait {
    private boolean over;

    private TimedWait() {}

    /** What waits, and can be interrupted. */
    interface Waiting {
        void run() throws Exception;
    }

    /** @return false where the time ran out first */
    static boolean run(long nanos, Waiting waiting) throws Exception {
        TimedWait wait = new TimedWait();
        Thread self = Thread.currentThread();
        SimulatedTimer timer = Simulation.current().after(nanos, () -> {
            wait.over = true;
            self.interrupt();
        });
        try {
            waiting.run();
            return true;
        } catch (InterruptedException e) {
            if (wait.over) {
                return false;
            }
            throw e;
        } finally {
            timer.cancel();
            if (wait.over) {
                Thread.interrupted();
            }
        }
    }

    /** The same, of something that can only be interrupted. */
    static boolean interruptibly(long nanos, Waiting waiting) throws InterruptedException {
        try {
            return run(nanos, waiting);
        } catch (InterruptedException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
