package io.tarn.master.namespace;

import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.path.TarnPath;
import io.tarn.protocol.v1.FileStatus;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * One listing under way: gives its entries page by page and holds only the place where it is, not the entries. Each page is a consistent view; between pages
 * the directory may change. Used by one thread at a time, which may have to wait for stores.
 */
public final class Listing {
    private static final int PAGE_ENTRIES = 1000;
    private static final int PAGE_ENTRIES_RECURSIVE = 128;
    /** A page ends early here, so that it fits a message whatever the entries carry. */
    private static final int PAGE_BYTES = 1 << 20;

    private final Lookups lookups;
    private final StatusMessages statuses;
    private final Request request;
    private final boolean recursive;
    private final long limit;
    private final Deque<Level> levels = new ArrayDeque<>();
    private String startAfter;
    private boolean begun;
    private long given;

    /** Where the listing is in one directory. */
    private static final class Level {
        private final Node directory;
        private final String path;
        private String after;

        private Level(Node directory, String path, String after) {
            this.directory = directory;
            this.path = path;
            this.after = after;
        }
    }

    Listing(
            Lookups lookups,
            StatusMessages statuses,
            Request request,
            boolean recursive,
            String startAfter,
            long limit) {
        this.lookups = lookups;
        this.statuses = statuses;
        this.request = request;
        this.recursive = recursive;
        this.startAfter = startAfter;
        this.limit = limit == 0 ? Long.MAX_VALUE : limit;
    }

    /** The next entries; empty at the end. */
    public List<FileStatus> next() throws TarnException {
        if (!begun) {
            begun = true;
            Node node = lookups.blocking(
                    request.user(), request.startMillis(), resolver -> resolver.require(request.path()));
            if (!node.isDirectory()) {
                return List.of(statuses.of(node, request.path().toString()));
            }
            Permissions.require(
                    node, request.user(), Permissions.READ, request.path().toString());
            levels.push(new Level(node, prefixOf(request.path()), startAfter));
            startAfter = "";
        }
        List<FileStatus> page = new ArrayList<>();
        long pageBytes = 0;
        while (page.isEmpty() && !levels.isEmpty() && given < limit) {
            Level level = levels.peek();
            int wanted = (int) Math.min(limit - given, recursive ? PAGE_ENTRIES_RECURSIVE : PAGE_ENTRIES);
            List<Children.Child> children = lookups.blocking(
                    request.user(),
                    request.startMillis(),
                    resolver -> Children.of(resolver, resolver.refreshed(level.directory), level.after, wanted));
            boolean descended = false;
            for (Children.Child child : children) {
                FileStatus status = statuses.of(child.node(), level.path + child.name());
                page.add(status);
                given++;
                level.after = child.name();
                pageBytes += status.getSerializedSize();
                if (recursive && child.node().isDirectory()) {
                    Permissions.require(
                            child.node(), request.user(), Permissions.READ | Permissions.EXECUTE, status.getPath());
                    levels.push(new Level(child.node(), status.getPath() + "/", ""));
                    descended = true;
                    break;
                }
                if (pageBytes > PAGE_BYTES) {
                    return page;
                }
            }
            if (!descended && children.size() < wanted) {
                levels.pop();
            }
        }
        return page;
    }

    private static String prefixOf(TarnPath path) {
        return path.isRoot() ? "/" : path + "/";
    }
}
