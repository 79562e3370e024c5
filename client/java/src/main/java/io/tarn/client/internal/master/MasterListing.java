package io.tarn.client.internal.master;

import io.grpc.Context;
import io.tarn.client.FileInfo;
import io.tarn.client.ListOptions;
import io.tarn.client.Listing;
import io.tarn.client.internal.call.Failures;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.v1.FileStatus;
import io.tarn.protocol.v1.FileSystemServiceGrpc;
import io.tarn.protocol.v1.ListRequest;
import io.tarn.protocol.v1.ListResponse;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Queue;

/**
 * A listing that streams from a master, at most a page ahead of its reader. After a transient failure it goes on behind the last entry that it gave, where
 * the order of names makes that possible: not in a recursive listing. For one thread.
 */
final class MasterListing implements Listing {
    private static final int MAX_RESUMES = 5;

    private final MasterCalls calls;
    private final Namespace namespace;
    private final String path;
    private final ListOptions options;
    private final Queue<FileStatus> page = new ArrayDeque<>();
    private final Context.CancellableContext context = Context.ROOT.withCancellation();
    private Iterator<ListResponse> answers;
    private String lastName;
    private int given;
    private int resumes;

    private MasterListing(MasterCalls calls, Namespace namespace, String path, ListOptions options) {
        this.calls = calls;
        this.namespace = namespace;
        this.path = path;
        this.options = options;
        this.lastName = options.startAfter();
        this.answers = stream();
    }

    /** Starts a listing; a path that cannot be listed is found out here. */
    static Listing start(MasterCalls calls, Namespace namespace, String path, ListOptions options)
            throws TarnException {
        MasterListing listing = new MasterListing(calls, namespace, path, options);
        var unused = listing.hasNext();
        return listing;
    }

    @Override
    public boolean hasNext() throws TarnException {
        while (page.isEmpty()) {
            if (options.limit() > 0 && given >= options.limit()) {
                return false;
            }
            try {
                if (!answers.hasNext()) {
                    return false;
                }
                page.addAll(answers.next().getEntriesList());
            } catch (RuntimeException e) {
                resume(calls.failure(e));
            }
        }
        return true;
    }

    private void resume(TarnException failure) throws TarnException {
        boolean possible = !options.recursive() || given == 0;
        if (!possible || !Failures.isTransient(failure) || ++resumes > MAX_RESUMES) {
            throw failure;
        }
        var unused = namespace.status("/");
        answers = stream();
    }

    private Iterator<ListResponse> stream() {
        ListRequest request = ListRequest.newBuilder()
                .setCaller(calls.caller())
                .setPath(path)
                .setStartAfter(lastName)
                .setLimit(options.limit() == 0 ? 0 : options.limit() - given)
                .setRecursive(options.recursive())
                .build();
        Context before = context.attach();
        try {
            return calls.stream(FileSystemServiceGrpc.getListMethod(), request);
        } finally {
            context.detach(before);
        }
    }

    @Override
    public FileInfo next() throws TarnException {
        if (!hasNext()) {
            throw new NoSuchElementException("the listing of " + path + " has no more entries");
        }
        FileInfo entry = namespace.info(page.remove());
        lastName = entry.name();
        given++;
        return entry;
    }

    @Override
    public void close() {
        context.cancel(null);
        page.clear();
        answers = Collections.emptyIterator();
    }
}
