package io.tarn.standalone.crash;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** The bytes of a file, told by the seeds they come from, so that each can be checked and none is kept. Immutable. */
record Content(List<Piece> pieces) {
    static final Content EMPTY = new Content(List.of());

    /** The first bytes of an endless sequence. */
    record Piece(long seed, int lengthBytes) {}

    static Content of(long seed, int lengthBytes) {
        return EMPTY.plus(seed, lengthBytes);
    }

    Content plus(long seed, int lengthBytes) {
        if (lengthBytes == 0) {
            return this;
        }
        List<Piece> all = new ArrayList<>(pieces);
        all.add(new Piece(seed, lengthBytes));
        return new Content(List.copyOf(all));
    }

    Content first(int lengthBytes) {
        List<Piece> kept = new ArrayList<>();
        int left = lengthBytes;
        for (Piece piece : pieces) {
            int taken = Math.min(left, piece.lengthBytes);
            if (taken > 0) {
                kept.add(new Piece(piece.seed, taken));
            }
            left -= taken;
        }
        return new Content(List.copyOf(kept));
    }

    int lengthBytes() {
        return pieces.stream().mapToInt(Piece::lengthBytes).sum();
    }

    /** The bytes from {@code offset}, at most {@code maxBytes}, ready to be read. */
    ByteBuffer bytes(int offset, int maxBytes) {
        ByteBuffer into = ByteBuffer.allocate(Math.min(maxBytes, lengthBytes() - offset));
        int start = 0;
        for (Piece piece : pieces) {
            int from = Math.max(0, offset - start);
            int to = Math.min(piece.lengthBytes, offset + into.capacity() - start);
            if (from < to) {
                fill(piece.seed, from, to, into);
            }
            start += piece.lengthBytes;
        }
        return into.flip();
    }

    /** Each eight bytes come from their place in the sequence alone. */
    private static void fill(long seed, int from, int to, ByteBuffer into) {
        ByteBuffer word = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        int at = from;
        while (at < to) {
            word.putLong(0, mix(seed + (at >>> 3) * 0x9E3779B97F4A7C15L));
            int end = Math.min(to, (at | 7) + 1);
            into.put(word.array(), at & 7, end - at);
            at = end;
        }
    }

    private static long mix(long value) {
        long mixed = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return mixed ^ (mixed >>> 31);
    }

    @Override
    public String toString() {
        return lengthBytes() + " bytes";
    }
}
