package io.tarn.master.namespace;

import io.tarn.master.record.Inode;
import io.tarn.master.record.Keys;
import io.tarn.master.record.NamespaceView;
import io.tarn.master.record.Record;
import io.tarn.master.state.StateReader;
import io.tarn.master.state.Table;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.v1.PersistRequest;
import io.tarn.protocol.v1.PersistResponse;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Asks that what is owned at or below a path gets to its store now, and tells how much is still to go. Safe for many threads. */
final class PersistAsking {
    private static final int IDS_PER_RECORD = 1_000;
    /** Of one call; who asks again until nothing waits gets all. */
    private static final int MAX_FOUND = 100_000;

    private final NamespaceParts parts;
    private final Lookups lookups;
    private final Mutations mutations;
    private final PersistQueue queue;
    private final PersistFailures failures;

    PersistAsking(
            NamespaceParts parts, Lookups lookups, Mutations mutations, PersistQueue queue, PersistFailures failures) {
        this.parts = parts;
        this.lookups = lookups;
        this.mutations = mutations;
        this.queue = queue;
        this.failures = failures;
    }

    CompletableFuture<PersistResponse> persist(PersistRequest message) throws TarnException {
        Request request = Request.following(parts, message.getCaller(), message.getPath());
        return parts.executor().submit(() -> persistNow(request, message.getRecursive()));
    }

    private PersistResponse persistNow(Request request, boolean recursive) throws TarnException {
        Node node =
                lookups.blocking(request.user(), request.startMillis(), resolver -> resolver.require(request.path()));
        if (node.place() == null) {
            throw new TarnException(
                    ErrorCode.NO_STORE,
                    request.path() + " is in no mount, so there is no store that could hold it; mount one above it");
        }
        Permissions.require(
                node, request.user(), Permissions.READ, request.path().toString());
        List<Long> found = new ArrayList<>();
        if (node instanceof Node.OwnedNode owned && !owned.inode().isMountPoint()) {
            note(owned.inode(), found);
        }
        if (recursive && node.isDirectory()) {
            below(node, found);
        }
        ask(found);
        PersistResponse.Builder response = PersistResponse.newBuilder().setWaiting(found.size());
        for (long inodeId : found) {
            PersistFailures.Failure failure = failures.of(inodeId);
            if (failure != null) {
                if (response.getFailing() == 0) {
                    response.setFirstFailure(failure.message());
                }
                response.setFailing(response.getFailing() + 1);
            }
        }
        return response.build();
    }

    private void ask(List<Long> found) throws TarnException {
        long now = Math.max(1, parts.clock().millis());
        NamespaceView committed = new NamespaceView(parts.store());
        List<Long> later = found.stream()
                .filter(inodeId -> {
                    var row = committed.unpersisted(inodeId);
                    return row == null || row.dueMillis() > now;
                })
                .toList();
        for (int from = 0; from < later.size(); from += IDS_PER_RECORD) {
            List<Long> some = later.subList(from, Math.min(later.size(), from + IDS_PER_RECORD));
            mutations.step((view, records) -> {
                List<Long> present =
                        some.stream().filter(id -> isOwned(view.inode(id))).toList();
                records.accept(new Record.PersistAsked(present, now));
                return true;
            });
        }
        queue.ask(found);
    }

    private static boolean isOwned(@Nullable Inode inode) {
        return inode != null && inode.complete();
    }

    private static void note(Inode inode, List<Long> found) {
        if (!inode.inStore() && !inode.isLink() && inode.complete() && found.size() < MAX_FOUND) {
            found.add(inode.id());
        }
    }

    /** Owned entries below owned directories, and those that hang below directories of the store. */
    private void below(Node top, List<Long> found) {
        NamespaceView view = new NamespaceView(parts.store());
        Deque<Inode> directories = new ArrayDeque<>();
        MountPlace store = top.storePlace();
        if (store != null) {
            hanging(view, store, directories, found);
        }
        if (top instanceof Node.OwnedNode owned && !owned.inode().isMountPoint()) {
            directories.add(owned.inode());
        }
        while (!directories.isEmpty() && found.size() < MAX_FOUND) {
            Inode directory = directories.poll();
            scan(view, directory.directoryKey().encode(), false, directories, found);
        }
    }

    private static void hanging(NamespaceView view, MountPlace top, Deque<Inode> directories, List<Long> found) {
        scan(view, Keys.hanging(top.mount().id(), top.path()), true, directories, found);
    }

    private static void scan(
            NamespaceView view, byte[] prefix, boolean narrow, Deque<Inode> directories, List<Long> found) {
        try (StateReader.Cursor cursor = view.state().scan(Table.EDGE, prefix, null)) {
            while (found.size() < MAX_FOUND && cursor.next()) {
                Inode inode = narrow && !Keys.hangsAtOrBelow(cursor.key(), prefix)
                        ? null
                        : view.inode(Keys.idOf(cursor.value()));
                if (inode == null || inode.isMountPoint()) {
                    continue;
                }
                note(inode, found);
                if (inode.directory()) {
                    directories.add(inode);
                }
            }
        }
    }
}
