package io.tarn.master.namespace;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.placement.WorkerSelector;
import org.jspecify.annotations.Nullable;

/**
 * Where data are to be, as the nearest directory or mount above says. Immutable.
 *
 * @param workers which ones
 * @param copies of what no store holds; 0: as many as in the whole cluster
 */
record Placement(WorkerSelector workers, int copies) {
    static final Placement NONE = new Placement(WorkerSelector.ANY, 0);

    private static final int MAX_COPIES = 16;

    /** The attributes' values. What was set before they meant anything may be nonsense, and says nothing then. */
    static Placement of(@Nullable String workers, @Nullable String copies) {
        if (workers == null && copies == null) {
            return NONE;
        }
        try {
            return new Placement(
                    workers == null ? WorkerSelector.ANY : WorkerSelector.parse(workers),
                    copies == null ? 0 : parseCopies(copies));
        } catch (TarnException e) {
            return NONE;
        }
    }

    /** @throws TarnException INVALID_ARGUMENT */
    static int parseCopies(String text) throws TarnException {
        int copies;
        try {
            copies = Integer.parseInt(text.strip());
        } catch (NumberFormatException e) {
            copies = 0;
        }
        if (copies < 1 || copies > MAX_COPIES) {
            throw new TarnException(
                    ErrorCode.INVALID_ARGUMENT,
                    "\"" + text + "\" is no number of copies; " + Inherited.COPIES + " takes 1 to " + MAX_COPIES);
        }
        return copies;
    }

    /** @param usual of the whole cluster */
    int copiesOr(int usual) {
        return copies == 0 ? usual : copies;
    }
}
