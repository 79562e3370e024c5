package io.tarn.master.namespace;

import io.tarn.master.record.DirectoryKey;
import io.tarn.master.record.Keys;
import io.tarn.master.record.NamespaceView;
import io.tarn.master.record.Quota;
import io.tarn.master.record.Record;
import io.tarn.master.record.Usage;
import io.tarn.master.state.StateReader;
import io.tarn.master.state.Table;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.v1.DirectoryQuota;
import io.tarn.protocol.v1.GetQuotasRequest;
import io.tarn.protocol.v1.GetQuotasResponse;
import io.tarn.protocol.v1.SetQuotaRequest;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Sets quotas, and tells which there are. Before the first one is set all inodes are counted, in steps between which others go on; after the last one is
 * cleared the sums are dropped. Safe for many threads.
 */
final class QuotaChanges {
    private static final int MAX_QUOTAS = 10_000;
    private static final int INODES_PER_STEP = 1_000;
    private static final Mutations.Answer<DirectoryQuota> ANSWER = CallAnswers.of(DirectoryQuota.parser());

    private final NamespaceParts parts;
    private final Lookups lookups;
    private final Mutations mutations;
    /** Nobody counts while another drops. */
    private final ReentrantLock counting = new ReentrantLock();

    QuotaChanges(NamespaceParts parts, Lookups lookups, Mutations mutations) {
        this.parts = parts;
        this.lookups = lookups;
        this.mutations = mutations;
    }

    CompletableFuture<DirectoryQuota> set(SetQuotaRequest message) throws TarnException {
        Request request = Request.following(parts, message.getCaller(), message.getPath());
        Permissions.requireSuperuser(request.user(), "set quotas");
        if (message.getMaxInodes() < Quota.UNLIMITED || message.getMaxBytes() < Quota.UNLIMITED) {
            throw new TarnException(ErrorCode.INVALID_ARGUMENT, "a quota is 0 or more, or -1 for none");
        }
        return mutations.throughStore(
                request.call(), ANSWER, List.of(request.path()), DirectoryQuota.class, () -> setNow(request, message));
    }

    CompletableFuture<GetQuotasResponse> get(GetQuotasRequest message) throws TarnException {
        if (message.getPath().isEmpty()) {
            return parts.executor().submit(this::all);
        }
        Request request = Request.following(parts, message.getCaller(), message.getPath());
        return lookups.start(request.user(), resolver -> {
            NamespaceView view = resolver.view();
            Node node = directoryAt(request, resolver);
            DirectoryKey key = Quotas.keyOf(node);
            GetQuotasResponse.Builder response = GetQuotasResponse.newBuilder()
                    .addQuotas(toMessage(view, request.path().toString(), view.quota(key), Quotas.usage(view, key)));
            for (Quotas.Limited limited : Quotas.limiting(view, key)) {
                if (!limited.directory().equals(key)) {
                    response.addQuotas(toMessage(view, limited.path(view), limited.quota(), limited.usage()));
                }
            }
            return response.build();
        });
    }

    private GetQuotasResponse all() {
        GetQuotasResponse.Builder response = GetQuotasResponse.newBuilder();
        NamespaceView view = new NamespaceView(parts.store());
        try (StateReader.Cursor cursor = view.state().scan(Table.QUOTA, Keys.ALL, null)) {
            while (response.getQuotasCount() < MAX_QUOTAS && cursor.next()) {
                DirectoryKey key = DirectoryKey.decode(cursor.key());
                Quota quota = NamespaceView.quotaOf(cursor.value());
                Quotas.Limited limited = new Quotas.Limited(key, quota, Quotas.usage(view, key));
                response.addQuotas(toMessage(view, limited.path(view), quota, limited.usage()));
            }
        }
        return response.build();
    }

    private DirectoryQuota setNow(Request request, SetQuotaRequest message) throws TarnException {
        counting.lock();
        try {
            DirectoryKey key = lookups.blocking(
                    request.user(), request.startMillis(), resolver -> Quotas.keyOf(directoryAt(request, resolver)));
            requireFew(key);
            countAll();
            DirectoryQuota answer = mutations.lastStep(request.call(), ANSWER, (view, records) -> {
                if (key instanceof DirectoryKey.Owned owned && view.inode(owned.inodeId()) == null) {
                    throw MissingDirectories.mountsChanged();
                }
                Quota quota = changed(view.quota(key), message);
                records.accept(new Record.QuotaChanged(key, quota));
                return toMessage(view, request.path().toString(), quota, Quotas.usage(view, key));
            });
            dropUnused();
            return answer;
        } finally {
            counting.unlock();
        }
    }

    private static Node directoryAt(Request request, Resolver resolver) throws TarnException {
        Node node = resolver.require(request.path());
        if (!node.isDirectory()) {
            throw new TarnException(ErrorCode.NOT_A_DIRECTORY, request.path() + " is a file; directories have quotas");
        }
        return node;
    }

    private static Quota changed(@Nullable Quota before, SetQuotaRequest message) {
        Quota old = before == null ? Quota.NONE : before;
        return new Quota(
                message.hasMaxInodes() ? message.getMaxInodes() : old.maxInodes(),
                message.hasMaxBytes() ? message.getMaxBytes() : old.maxBytes());
    }

    private void requireFew(DirectoryKey key) throws TarnException {
        int others = 0;
        try (StateReader.Cursor cursor = parts.store().scan(Table.QUOTA, Keys.ALL, null)) {
            while (cursor.next()) {
                others += DirectoryKey.decode(cursor.key()).equals(key) ? 0 : 1;
            }
        }
        if (others >= MAX_QUOTAS) {
            throw new TarnException(
                    ErrorCode.TOO_LARGE, "a namespace has at most " + MAX_QUOTAS + " quotas; clear some");
        }
    }

    /** What an earlier counting has left goes first. */
    private void countAll() throws TarnException {
        boolean done = false;
        while (!done) {
            done = mutations.step((view, records) -> {
                if (Quotas.isSet(view)) {
                    return true;
                }
                if (view.countedThrough() == 0 && hasRows(view, Table.USAGE)) {
                    records.accept(new Record.UsageDropped());
                } else {
                    records.accept(new Record.UsageCounted(nextToCount(view)));
                }
                return false;
            });
        }
    }

    private static long nextToCount(NamespaceView view) {
        byte[] after = Keys.id(view.countedThrough());
        long last = NamespaceView.ALL_COUNTED;
        try (StateReader.Cursor cursor = view.state().scan(Table.INODE, Keys.ALL, after)) {
            for (int i = 0; i < INODES_PER_STEP; i++) {
                if (!cursor.next()) {
                    return NamespaceView.ALL_COUNTED;
                }
                last = Keys.idOf(cursor.key());
            }
        }
        return last;
    }

    private void dropUnused() throws TarnException {
        boolean done = false;
        while (!done) {
            done = mutations.step((view, records) -> {
                boolean counts = view.countedThrough() != 0 || hasRows(view, Table.USAGE);
                if (!counts || hasRows(view, Table.QUOTA)) {
                    return true;
                }
                records.accept(new Record.UsageDropped());
                return false;
            });
        }
    }

    private static boolean hasRows(NamespaceView view, Table table) {
        try (StateReader.Cursor cursor = view.state().scan(table, Keys.ALL, null)) {
            return cursor.next();
        }
    }

    private static DirectoryQuota toMessage(NamespaceView view, String path, @Nullable Quota quota, Usage usage) {
        DirectoryQuota.Builder message = DirectoryQuota.newBuilder().setPath(path);
        if (quota != null && quota.maxInodes() != Quota.UNLIMITED) {
            message.setMaxInodes(quota.maxInodes());
        }
        if (quota != null && quota.maxBytes() != Quota.UNLIMITED) {
            message.setMaxBytes(quota.maxBytes());
        }
        if (Quotas.isSet(view)) {
            message.setUsedInodes(usage.inodes()).setUsedBytes(usage.bytes());
        }
        return message.build();
    }
}
