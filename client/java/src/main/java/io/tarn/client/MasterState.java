package io.tarn.client;

/**
 * How one of the masters is.
 *
 * @param address host:port under which the others find it
 * @param answers whether it did just now; if not, only {@code address} and {@code problem} are known
 * @param appliedSequence the last batch of the journal that is in its state
 * @param durableSequence the last one that its disk would still have after a loss of power
 * @param problem why it can neither lead nor follow; empty while all is well
 */
public record MasterState(
        String address,
        boolean leads,
        boolean answers,
        long appliedSequence,
        long durableSequence,
        String version,
        String problem) {}
