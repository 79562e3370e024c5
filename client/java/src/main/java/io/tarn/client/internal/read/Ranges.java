package io.tarn.client.internal.read;

import io.tarn.client.ReadRange;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Which ranges are fetched together, and which apart. */
final class Ranges {
    private static final long WORTHWHILE_GAP_BYTES = 16 << 10;
    private static final long MAX_COMBINED_BYTES = 4 << 20;

    private Ranges() {}

    /** Ranges that are fetched by one read. @param indexes their places in the caller's list */
    record Group(long start, long end, List<Integer> indexes) {}

    /** Combines ranges that touch, overlap or lie closer than it costs to ask again. */
    static List<Group> combine(List<ReadRange> ranges) {
        List<Integer> order = new ArrayList<>();
        for (int index = 0; index < ranges.size(); index++) {
            order.add(index);
        }
        order.sort(Comparator.comparingLong(index -> ranges.get(index).offset()));
        List<Group> groups = new ArrayList<>();
        for (int index : order) {
            ReadRange range = ranges.get(index);
            long end = range.offset() + range.into().remaining();
            Group last = groups.isEmpty() ? null : groups.get(groups.size() - 1);
            if (last != null
                    && range.offset() - last.end <= WORTHWHILE_GAP_BYTES
                    && Math.max(end, last.end) - last.start <= MAX_COMBINED_BYTES) {
                List<Integer> indexes = new ArrayList<>(last.indexes);
                indexes.add(index);
                groups.set(groups.size() - 1, new Group(last.start, Math.max(end, last.end), indexes));
            } else {
                groups.add(new Group(range.offset(), end, List.of(index)));
            }
        }
        return groups;
    }

    static TarnException shorter(long position, int wanted, int got) {
        return new TarnException(
                ErrorCode.CORRUPT,
                "the worker gave " + got + " of " + wanted + " bytes at " + position + ": its file is too short");
    }
}
