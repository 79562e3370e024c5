package io.tarn.worker.page.store;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves segments between the tiers, on one thread, a round about every second. Asked for (CACHE_PROMOTE) and hot segments go up: into free room where a quarter
 * was read lately; in place of others only where they are read more than once and more than twice as much as these, so that equals never swap.
 * Cold segments go down where new data was refused in the top tier.
 */
final class Mover {
    private static final Logger LOG = LoggerFactory.getLogger(Mover.class);
    private static final double DENSITY_FOR_FREE_ROOM = 0.25;
    private static final double ADVANTAGE = 2;
    private static final double COLD_DENSITY = 0.1;

    /** Between rounds at least this many times as long as a round took, so that many files cost no more of the processor. */
    private static final int REST = 20;

    private final Supplier<Collection<StoredFile>> files;
    private final StoreParts parts;
    private final ExportedSpace exportedSpace;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final MoveRate rate;
    private long lastRoundNanos = System.nanoTime();

    Mover(Supplier<Collection<StoredFile>> files, StoreParts parts, long bytesPerSecond) {
        this.files = files;
        this.parts = parts;
        this.exportedSpace = parts.exportedSpace();
        this.rate = new MoveRate(bytesPerSecond, stopped);
    }

    /** The caller's thread runs rounds until {@link #stop}. */
    void run(Duration interval) {
        try {
            long restNanos = interval.toNanos();
            while (!stopped.await(restNanos, TimeUnit.NANOSECONDS)) {
                long start = System.nanoTime();
                round();
                restNanos = Math.max(interval.toNanos(), REST * (System.nanoTime() - start));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void stop() {
        stopped.countDown();
    }

    synchronized void round() {
        try {
            long now = System.nanoTime();
            List<Segment> top = new ArrayList<>();
            List<Segment> wanted = new ArrayList<>();
            age((now - lastRoundNanos) / 1e9, top, wanted);
            lastRoundNanos = now;
            parts.placement().directories().forEach(TierDirectory::refresh);
            parts.placement().directories().forEach(TierDirectory::trimExported);
            exportedSpace.poll();
            top.sort(Comparator.comparingDouble(Segment::density));
            wanted.sort(Comparator.comparingDouble(Segment::density).reversed());
            wanted.forEach(segment -> promote(segment, top));
            demoteCold(top);
        } catch (RuntimeException e) {
            LOG.error("a round of moves between tiers failed; the next one goes on", e);
        }
    }

    private void age(double seconds, List<Segment> top, List<Segment> wanted) {
        for (StoredFile file : files.get()) {
            boolean promotion = file.takePromotionWanted();
            for (Segment segment : file.segments()) {
                SegmentFile here = segment.current();
                if (here == null) {
                    continue;
                }
                segment.heat().age(seconds);
                here.ageReservation();
                boolean movable = file.lengthBytes() >= 0 && segment.presentPages() > 0;
                if (movable && here.directory().level() == 0) {
                    top.add(segment);
                } else if (movable && promotion && (file.isPersisted() || !file.isDurable())) {
                    wanted.add(segment);
                }
            }
        }
    }

    private void promote(Segment segment, List<Segment> coldestFirst) {
        SegmentFile here = segment.current();
        if (here == null || segment.density() < DENSITY_FOR_FREE_ROOM) {
            return;
        }
        long needed = here.allocatedBytes();
        TierDirectory target = parts.placement().roomiest(0);
        if (target.unreservedBytes() >= needed || displace(target, needed, segment.density(), coldestFirst)) {
            move(segment, target);
        }
    }

    /** Demotes what is clearly colder, where that is enough. */
    private boolean displace(TierDirectory target, long neededBytes, double density, List<Segment> coldestFirst) {
        List<Segment> victims = new ArrayList<>();
        long bytes = target.unreservedBytes();
        for (Segment victim : coldestFirst) {
            SegmentFile there = victim.current();
            if (bytes >= neededBytes || victim.density() * ADVANTAGE + 1 > density) {
                break;
            }
            if (there != null && there.directory() == target) {
                victims.add(victim);
                bytes += there.allocatedBytes();
            }
        }
        return bytes >= neededBytes
                && victims.stream().allMatch(this::demote)
                && target.unreservedBytes() >= neededBytes;
    }

    private void demoteCold(List<Segment> coldestFirst) {
        long refused = parts.placement().takeRefusedBytes();
        for (Segment segment : coldestFirst) {
            SegmentFile here = segment.current();
            if (refused <= 0 || segment.density() > COLD_DENSITY || here == null) {
                return;
            }
            refused -= here.allocatedBytes();
            demote(segment);
        }
    }

    private boolean demote(Segment segment) {
        SegmentFile here = segment.current();
        if (here == null) {
            return true;
        }
        TierDirectory target = parts.placement().roomiest(here.directory().level() + 1);
        return target.level() > here.directory().level()
                && parts.placement().makeFree(segment.file(), target, here.allocatedBytes())
                && move(segment, target);
    }

    private boolean move(Segment segment, TierDirectory target) {
        return new SegmentMove(segment, target, parts, rate::charge).run();
    }
}
