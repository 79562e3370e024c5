package io.tarn.master.namespace;

import io.tarn.master.mirror.Mirror;
import io.tarn.master.record.MountEntry;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.v1.SyncRequest;
import io.tarn.protocol.v1.SyncResponse;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Looks at under stores now, whatever the sync interval. Safe for many threads. */
final class Syncing {
    private static final int PAGE = 1000;

    private final NamespaceParts parts;
    private final Lookups lookups;

    Syncing(NamespaceParts parts, Lookups lookups) {
        this.parts = parts;
        this.lookups = lookups;
    }

    CompletableFuture<SyncResponse> sync(SyncRequest message) throws TarnException {
        Request request = Request.following(parts, message.getCaller(), message.getPath());
        return parts.executor().submit(() -> syncNow(request, message.getRecursive()));
    }

    private SyncResponse syncNow(Request request, boolean recursive) throws TarnException {
        MountTable mounts = lookups.blocking(request.user(), Resolver::mounts);
        MountEntry mount = mounts.covering(request.path());
        Counts counts = new Counts();
        if (mount != null && mounts.at(request.path()) == null) {
            String place = request.path().relativeTo(MountTable.pathOf(mount));
            counts.add(parts.mirror().look(mount, place, false));
        }
        Node top =
                lookups.blocking(request.user(), request.startMillis(), resolver -> resolver.require(request.path()));
        if (top.isDirectory()) {
            Permissions.require(
                    top, request.user(), Permissions.READ, request.path().toString());
            walk(request, top, recursive, counts);
        }
        return SyncResponse.newBuilder()
                .setEntriesSeen(counts.seen)
                .setEntriesChanged(counts.changed)
                .build();
    }

    /** Depth first, one directory after the other: holds only the way to where it is. */
    private void walk(Request request, Node top, boolean recursive, Counts counts) throws TarnException {
        Deque<Place> open = new ArrayDeque<>();
        open.push(new Place(top));
        look(top, counts);
        while (!open.isEmpty()) {
            Place place = open.peek();
            Node below = recursive ? nextDirectory(request, place) : null;
            if (below == null) {
                open.pop();
            } else {
                look(below, counts);
                open.push(new Place(below));
            }
        }
    }

    private void look(Node directory, Counts counts) throws TarnException {
        MountPlace store = directory.storePlace();
        if (store != null) {
            counts.add(parts.mirror().look(store.mount(), store.path(), true));
        }
    }

    private @Nullable Node nextDirectory(Request request, Place place) throws TarnException {
        while (true) {
            List<Children.Child> children = lookups.blocking(
                    request.user(),
                    request.startMillis(),
                    resolver -> Children.of(resolver, resolver.refreshed(place.node), place.after, PAGE));
            for (Children.Child child : children) {
                place.after = child.name();
                if (child.node().isDirectory()) {
                    return child.node();
                }
            }
            if (children.size() < PAGE) {
                return null;
            }
        }
    }

    private static final class Place {
        private final Node node;
        private String after = "";

        private Place(Node node) {
            this.node = node;
        }
    }

    private static final class Counts {
        private long seen;
        private long changed;

        private void add(Mirror.Seen looked) {
            seen += looked.entries();
            changed += looked.changed();
        }
    }
}
