package io.tarn.master.namespace;

import io.tarn.protocol.placement.Labels;
import io.tarn.protocol.v1.WorkerAddress;
import java.util.Map;

/**
 * A worker that is up and may take what is written, or copied. Immutable.
 *
 * @param address as clients are told
 * @param freeBytes of all its tiers, when it was last heard of; what lies in the others may be evictable
 */
public record Taker(WorkerAddress address, Map<String, String> labels, long freeBytes) {
    long id() {
        return address.getWorkerId();
    }

    /** "" where it names none. */
    String zone() {
        return labels.getOrDefault(Labels.ZONE, "");
    }
}
