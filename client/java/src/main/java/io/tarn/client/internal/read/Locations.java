package io.tarn.client.internal.read;

import io.tarn.client.BlockHosts;
import io.tarn.client.FileInfo;
import io.tarn.protocol.v1.WorkerAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Where the blocks of a range are, in the host names that compute engines know. */
final class Locations {
    private Locations() {}

    static List<BlockHosts> of(FileInfo file, List<WorkerAddress> workers, long offset, long lengthBytes) {
        List<String> hosts = workers.stream()
                .flatMap(worker -> worker.getEngineHostsCount() > 0
                        ? worker.getEngineHostsList().stream()
                        : Stream.of(worker.getHost()))
                .distinct()
                .toList();
        long end = lengthBytes > file.lengthBytes() - offset ? file.lengthBytes() : offset + lengthBytes;
        long blockBytes = file.blockSizeBytes() > 0 ? file.blockSizeBytes() : Math.max(1, file.lengthBytes());
        List<BlockHosts> blocks = new ArrayList<>();
        for (long start = Math.max(0, offset) / blockBytes * blockBytes; start < end; start += blockBytes) {
            blocks.add(new BlockHosts(start, Math.min(blockBytes, file.lengthBytes() - start), hosts));
        }
        return blocks;
    }
}
