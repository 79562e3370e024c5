package io.tarn.master.namespace;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.id.FileVersion;
import io.tarn.protocol.placement.PlacementKey;
import io.tarn.protocol.placement.WorkerSelector;
import io.tarn.protocol.v1.WorkerAddress;
import java.util.List;

/** Which workers a file can be read from. Stateless. */
final class ReadPlaces {
    private ReadPlaces() {}

    /**
     * Best first: where all readers of the same version go, so that it is fetched and kept once.
     *
     * @param preferred those that the file's blocks have their homes on; the others pass on what they have
     */
    static List<WorkerAddress> of(
            Workers workers, Node node, FileVersion version, WorkerSelector preferred, String path)
            throws TarnException {
        List<WorkerAddress> alive = workers.ranked(PlacementKey.ofVersion(version), preferred);
        if (node instanceof Node.OwnedNode owned && owned.inode().lengthBytes() > 0) {
            List<Long> holders = owned.inode().holders();
            List<WorkerAddress> usable = alive.stream()
                    .filter(worker -> holders.contains(worker.getWorkerId()))
                    .toList();
            if (usable.isEmpty()) {
                throw new TarnException(
                        ErrorCode.UNAVAILABLE,
                        path + " is held only by "
                                + holders.stream().map(workers::describe).toList()
                                + ", which is down; start it again",
                        null,
                        1000);
            }
            return usable;
        }
        if (alive.isEmpty()) {
            throw new TarnException(
                    ErrorCode.UNAVAILABLE, "no worker is up to read from; start one, or try again", null, 1000);
        }
        return alive;
    }
}
