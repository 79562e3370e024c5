package io.tarn.master.namespace;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.id.FileVersion;
import io.tarn.protocol.placement.WorkerSelector;
import io.tarn.protocol.v1.FileStatus;
import io.tarn.protocol.v1.OpenRequest;
import io.tarn.protocol.v1.OpenResponse;
import java.util.concurrent.CompletableFuture;

/** Lets a file be read: its status, a ticket, and the workers to read from. Safe for many threads. */
final class FileOpening {
    private final NamespaceParts parts;
    private final Lookups lookups;
    /** Opens of files that are to be on workers none of which is up: any worker serves them. */
    private final Counter unplaced;

    FileOpening(NamespaceParts parts, Lookups lookups, MeterRegistry meters) {
        this.parts = parts;
        this.lookups = lookups;
        this.unplaced = meters.counter("tarn.master.placement.unmatched");
    }

    CompletableFuture<OpenResponse> open(OpenRequest message) throws TarnException {
        Request request = Request.following(parts, message.getCaller(), message.getPath());
        return lookups.start(request.user(), resolver -> {
            Resolver.Found found = resolver.find(request.path());
            Node node = found.node();
            String path = request.path().toString();
            if (node.isDirectory()) {
                throw new TarnException(ErrorCode.IS_A_DIRECTORY, path + " is a directory; list it");
            }
            Permissions.require(node, request.user(), Permissions.READ, path);
            FileStatus status = parts.statuses().of(node, path);
            Placement placement = found.placement();
            WorkerSelector homes = placement.workers();
            if (!homes.isAny() && parts.workers().expected(homes) == 0) {
                unplaced.increment();
            }
            return OpenResponse.newBuilder()
                    .setStatus(status)
                    .setTicket(parts.tickets().toRead(node, status.getId(), path, found.pinned(), placement))
                    .addAllWorkers(
                            ReadPlaces.of(parts.workers(), node, FileVersion.of(status.getVersion()), homes, path))
                    .setValidMillis(validMillis(node, request, message))
                    .build();
        });
    }

    /** Nothing can change below a mount that takes no writes and is never looked at again; of a link to it that is not so. Well within the life of the ticket. */
    private long validMillis(Node node, Request request, OpenRequest message) {
        boolean immutable = node instanceof Node.MirroredNode mirrored
                && mirrored.mount().options().getReadOnly()
                && mirrored.mount().options().getSyncIntervalMillis() < 0
                && request.path().toString().equals(message.getPath());
        return immutable ? parts.config().ticketLifetime().toMillis() / 2 : 0;
    }
}
