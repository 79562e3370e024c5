package io.tarn.client;

/**
 * What became of the pin of a file on all workers together.
 *
 * @param pinnedBytes cached and pinned
 * @param refusals workers that have some of it cached and do not pin it, since too much is pinned there already
 */
public record PinOutcome(long pinnedBytes, long refusals) {
    public static final PinOutcome NOTHING = new PinOutcome(0, 0);

    public PinOutcome plus(PinOutcome other) {
        return new PinOutcome(pinnedBytes + other.pinnedBytes, refusals + other.refusals);
    }
}
