package io.tarn.master.namespace;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.placement.ZoneSpread;
import io.tarn.protocol.v1.WritePolicy;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Which worker a client writes a new file to, by its policy, and in which order others take copies: those of other zones first. Pure.
 *
 * @param host the client's own with LOCAL_FIRST, "" where it does not know; with SPECIFIC_HOST the one that it means
 * @param turn counts the files that are written one worker after the other
 */
record WriteOrder(WritePolicy policy, String host, long turn) {
    /**
     * All of them, the one to write to first.
     *
     * @param drawn in an order that spreads files over workers; at least one
     * @param having workers that have what the file begins with: writing begins at one of these, whatever the policy
     * @throws TarnException UNAVAILABLE where none is on the specific host; INVALID_ARGUMENT
     */
    List<Taker> of(List<Taker> drawn, List<Long> having) throws TarnException {
        List<Taker> preferred = new ArrayList<>(drawn);
        if (policy == WritePolicy.MOST_AVAILABLE_FIRST) {
            preferred.sort(Comparator.comparingLong(Taker::freeBytes).reversed());
        }
        Taker first = preferred.stream()
                .filter(taker -> having.contains(taker.id()))
                .findFirst()
                .orElse(null);
        if (first == null) {
            first = first(preferred);
        }
        preferred.remove(first);
        List<Taker> order = new ArrayList<>(drawn.size());
        order.add(first);
        order.addAll(ZoneSpread.order(preferred, Taker::zone, List.of(first.zone())));
        order.sort(Comparator.comparing(taker -> !having.contains(taker.id())));
        return order;
    }

    private Taker first(List<Taker> preferred) throws TarnException {
        return switch (policy) {
            case WRITE_POLICY_DEFAULT, LOCAL_FIRST ->
                preferred.stream().filter(this::isOnHost).findFirst().orElse(preferred.getFirst());
            case MOST_AVAILABLE_FIRST -> preferred.getFirst();
            case ROUND_ROBIN ->
                preferred.stream()
                        .sorted(Comparator.comparingLong(Taker::id))
                        .toList()
                        .get((int) Math.floorMod(turn, (long) preferred.size()));
            case SPECIFIC_HOST ->
                preferred.stream()
                        .filter(this::isOnHost)
                        .findFirst()
                        .orElseThrow(() -> new TarnException(
                                ErrorCode.UNAVAILABLE,
                                "no worker that may take the file is up on host \"" + host
                                        + "\", where it is to be written; \"tarn cluster status\" shows who is up",
                                null,
                                1000));
            case UNRECOGNIZED ->
                throw new TarnException(ErrorCode.INVALID_ARGUMENT, "a write policy that this release does not know");
        };
    }

    private boolean isOnHost(Taker taker) {
        return !host.isEmpty()
                && (host.equalsIgnoreCase(taker.address().getHost())
                        || taker.address().getEngineHostsList().stream().anyMatch(host::equalsIgnoreCase));
    }
}
