package io.tarn.worker.page.store;

import io.tarn.protocol.checksum.PageChecksum;
import io.tarn.worker.page.PageStore;
import io.tarn.worker.page.index.IndexFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongPredicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves one segment to another directory while it is read and written: copies and checks its pages, then stops changes for a moment, copies what came meanwhile,
 * lets readers have the new file and unlinks the old one, which lives on under its leases and descriptors.
 *
 * <p>The target's index says "copying" until the switch, so that a crash leaves the old file. Used once, by one thread.
 */
final class SegmentMove {
    private static final Logger LOG = LoggerFactory.getLogger(SegmentMove.class);
    private static final int ROUNDS = 3;

    private final Segment segment;
    private final TierDirectory target;
    private final StoreParts parts;
    private final LongPredicate throttle;
    private long copiedBytes;

    /** @param throttle is told of the bytes copied, and answers false to give up */
    SegmentMove(Segment segment, TierDirectory target, StoreParts parts, LongPredicate throttle) {
        this.segment = segment;
        this.target = target;
        this.parts = parts;
        this.throttle = throttle;
    }

    /** @return whether the segment lies in the target now; where not, nothing has changed */
    boolean run() {
        if (!segment.moveLock().tryLock()) {
            return false;
        }
        try {
            SegmentFile source = segment.current();
            return source != null && source.directory() != target && source.enter() && moveEntered(source);
        } catch (IOException e) {
            target.failed("moving " + segment.file().version() + " here", e);
            return false;
        } finally {
            segment.moveLock().unlock();
        }
    }

    private boolean moveEntered(SegmentFile source) throws IOException {
        try {
            SegmentFile copy = new SegmentFile(
                    parts.placement().nextFileId(),
                    segment,
                    target,
                    parts.openFiles(),
                    source.header().asCopy());
            if (!target.tryReserve(copy.indexChargedBytes())) {
                return false;
            }
            copy.addAllocated(copy.indexChargedBytes());
            boolean done = false;
            try {
                if (!copy.create()) {
                    copy.abandon();
                    return false;
                }
                done = copy.enter() && copyAndSwitch(source, copy);
            } finally {
                if (!done && !copy.isRetired()) {
                    copy.retire();
                }
            }
            return done;
        } finally {
            source.leave();
        }
    }

    private boolean copyAndSwitch(SegmentFile source, SegmentFile copy) throws IOException {
        try {
            for (int round = 0; round < ROUNDS; round++) {
                if (!copyMissing(source, copy)) {
                    return false;
                }
            }
            segment.lock().writeLock().lock();
            try {
                return segment.current() == source
                        && source.canLeave()
                        && copyMissing(source, copy)
                        && switchTo(source, copy);
            } finally {
                segment.lock().writeLock().unlock();
            }
        } finally {
            copy.leave();
        }
    }

    private boolean copyMissing(SegmentFile source, SegmentFile copy) throws IOException {
        int[] pages = source.pages().presentPages();
        for (int page : pages) {
            if (!PageTable.isPresent(copy.pages().get(page)) && !copyPage(source, copy, page)) {
                // Perhaps its bytes have failed their check: then it is damaged for readers too.
                segment.pages().scrub(page);
                return false;
            }
        }
        return true;
    }

    /** @return false where the move must be given up: no room, bytes that fail their check, or the store closes */
    private boolean copyPage(SegmentFile source, SegmentFile copy, int page) throws IOException {
        long charged = segment.chargedBytes(page);
        if (segment.file().isDeleted() || !target.tryReserve(charged)) {
            return false;
        }
        copy.addAllocated(charged);
        ByteBuffer buffer = parts.buffers().take();
        ReentrantLock stripe = parts.stripe(segment.file().id(), segment.firstPage() + page);
        stripe.lock();
        try {
            long state = source.pages().get(page);
            if (!PageTable.isPresent(state)) {
                copy.addAllocated(-charged);
                target.released(charged);
                return true;
            }
            int length = segment.file().pageLength(segment.firstPage() + page);
            long position = (long) page * PageStore.PAGE_BYTES;
            source.read(position, buffer.limit(length));
            if ((state & PageTable.DAMAGED) != 0 || PageChecksum.of(buffer.flip()) != PageTable.crc32cOf(state)) {
                return false;
            }
            copy.write(position, buffer);
            copy.writeEntry(page, IndexFormat.entry(copy.header().salt(), page, PageTable.crc32cOf(state), length));
            copy.pages().putCopy(page, state);
            copiedBytes += length;
        } finally {
            stripe.unlock();
            parts.buffers().giveBack(buffer);
        }
        return segment.lock().isWriteLockedByCurrentThread() || throttle.test(charged);
    }

    /** With the write lock held: nothing changes in the source. */
    private boolean switchTo(SegmentFile source, SegmentFile copy) throws IOException {
        for (int page : copy.pages().presentPages()) {
            if (!PageTable.isPresent(source.pages().get(page))) {
                dropCopied(copy, page);
            }
        }
        if (!segment.file().isPersisted()) {
            copy.force();
        }
        copy.rewriteHeader(source.header().asCopy().copied(), false);
        copy.renameToHeader();
        boolean[] inMain = new boolean[copy.pages().capacity()];
        source.pages().forEachPresent(page -> inMain[page] = (source.pages().get(page) & PageTable.MAIN) != 0);
        segment.leaveQueues(source);
        segment.setCurrent(copy);
        target.add(copy);
        copy.setPinned(source.isPinned());
        copy.setShare(source.share());
        if (copy.isEvictableByPage()) {
            segment.enterQueues(copy, page -> inMain[page]);
        }
        parts.metrics().moved(source.directory().tier(), target.tier(), copiedBytes);
        LOG.debug(
                "moved {} bytes of {} from {} to {}",
                copiedBytes,
                segment.file().version(),
                source.directory(),
                target);
        source.retire();
        return true;
    }

    private void dropCopied(SegmentFile copy, int page) throws IOException {
        long charged = segment.chargedBytes(page);
        copy.pages().removeIfIdle(page);
        copy.writeEntry(page, 0);
        copy.punchHole((long) page * PageStore.PAGE_BYTES, charged);
        copy.addAllocated(-charged);
        target.released(charged);
    }
}
