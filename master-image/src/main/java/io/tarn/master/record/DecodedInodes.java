package io.tarn.master.record;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Inodes decoded lately: the directories of every path would be decoded again and again. An entry counts only for the very array that it was decoded from,
 * which nobody changes, so it can never be stale. Bounded: one entry a slot. Safe for many threads.
 */
final class DecodedInodes {
    private static final int SLOTS = 1 << 12;

    private static final AtomicReferenceArray<@Nullable Decoded> DECODED = new AtomicReferenceArray<>(SLOTS);

    private record Decoded(byte[] bytes, Inode inode) {}

    private DecodedInodes() {}

    static Inode of(long id, byte[] bytes) {
        int slot = (int) (id & SLOTS - 1);
        Decoded known = DECODED.getPlain(slot);
        if (known != null && known.bytes == bytes) {
            return known.inode;
        }
        Inode inode = NamespaceView.decode(bytes, Inode::read);
        DECODED.setRelease(slot, new Decoded(bytes, inode));
        return inode;
    }
}
