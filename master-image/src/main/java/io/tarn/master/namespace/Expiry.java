package io.tarn.master.namespace;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.tarn.master.record.CallKey;
import io.tarn.master.record.DirectoryKey;
import io.tarn.master.record.Inode;
import io.tarn.master.record.Keys;
import io.tarn.master.record.MountEntry;
import io.tarn.master.record.NamespaceView;
import io.tarn.master.state.StateReader;
import io.tarn.master.state.Table;
import io.tarn.master.work.BoundedTasks;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.id.FileVersion;
import io.tarn.protocol.path.TarnPath;
import io.tarn.protocol.v1.Caller;
import io.tarn.protocol.v1.FileStatus;
import io.tarn.protocol.v1.FileType;
import io.tarn.protocol.v1.Persistence;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Frees and deletes files whose time to live is over. Goes through the table of what has one, and through the directories among these, so many entries a round;
 * a restart begins anew. Used by one thread, which may have to wait for stores.
 */
final class Expiry {
    private static final Logger LOG = LoggerFactory.getLogger(Expiry.class);
    private static final int ENTRIES_PER_ROUND = 2_000;
    private static final int DELETIONS_AT_ONCE = 16;

    private final NamespaceParts parts;
    private final Lookups lookups;
    private final Deletion deletion;
    private final Counter freed;
    private final Counter deleted;
    private final Counter failed;
    private final Deque<Level> levels = new ArrayDeque<>();
    private final Deque<FileVersion> toFree = new ArrayDeque<>();
    private final AtomicInteger failures = new AtomicInteger();
    private byte @Nullable [] after;
    private long nextMillis;

    Expiry(NamespaceParts parts, Lookups lookups, Deletion deletion, MeterRegistry meters) {
        this.parts = parts;
        this.lookups = lookups;
        this.deletion = deletion;
        this.freed = meters.counter("tarn.master.ttl.freed");
        this.deleted = meters.counter("tarn.master.ttl.deleted");
        this.failed = meters.counter("tarn.master.ttl.failed");
    }

    /** A directory that is looked through, with what holds in it. */
    private record Level(Listing listing, Ttl ttl) {}

    /** One bounded stretch; nothing until the next time round is due. */
    synchronized void round() throws TarnException {
        if (parts.steadyClock().millis() < nextMillis) {
            return;
        }
        int entries = 0;
        while (entries < ENTRIES_PER_ROUND && freeSome()) {
            Level level = levels.peek();
            if (level != null) {
                entries += 1 + look(level);
            } else if (nextRoot()) {
                entries++;
            } else {
                end();
                return;
            }
        }
    }

    private void end() {
        after = null;
        nextMillis = parts.steadyClock().millis() + parts.config().ttlInterval().toMillis();
        int count = failures.getAndSet(0);
        if (count > 0) {
            LOG.warn(
                    "{} files whose time to live is over could not be deleted; tried again in {}",
                    count,
                    parts.config().ttlInterval());
        }
    }

    /** False where the workers have as much to do as they can remember. */
    private boolean freeSome() {
        while (!toFree.isEmpty()) {
            if (!parts.workers().free(toFree.peek())) {
                return false;
            }
            toFree.remove();
            freed.increment();
        }
        return true;
    }

    /** Goes on to the next that has a time to live of its own; false at the end. */
    private boolean nextRoot() throws TarnException {
        byte[] key = null;
        try (StateReader.Cursor cursor = parts.store().scan(Table.TTL, Keys.ALL, after)) {
            if (cursor.next()) {
                key = cursor.key();
            }
        }
        if (key == null) {
            return false;
        }
        after = key;
        String path = path(new NamespaceView(parts.store()), DirectoryKey.decode(key));
        if (path != null) {
            begin(TarnPath.parse(path));
        }
        return true;
    }

    private void begin(TarnPath path) {
        Request request = request(path);
        try {
            FileStatus status = lookups.blocking(
                    request.user(), resolver -> parts.statuses().of(resolver.require(path), path.toString()));
            Ttl ttl = Ttl.of(status.getExtendedAttributesMap());
            if (ttl != null && status.getType() == FileType.DIRECTORY) {
                levels.push(level(request, ttl));
            } else if (ttl != null) {
                expire(List.of(status), ttl);
            }
        } catch (TarnException e) {
            LOG.debug("{} is not looked through for files whose time is over: {}", path, e.getMessage());
        }
    }

    private Level level(Request request, Ttl ttl) {
        return new Level(new Listing(lookups, parts.statuses(), request, false, "", 0), ttl);
    }

    /** @return how many entries it has looked at */
    private int look(Level level) {
        try {
            List<FileStatus> page = level.listing.next();
            if (page.isEmpty()) {
                levels.remove(level);
                return 0;
            }
            for (FileStatus entry : page) {
                boolean own = entry.containsExtendedAttributes(Inode.TTL) || entry.getMountPoint();
                if (entry.getType() == FileType.DIRECTORY && !own) {
                    levels.push(level(request(TarnPath.parse(entry.getPath())), level.ttl));
                }
            }
            expire(
                    page.stream()
                            .filter(entry -> entry.getType() != FileType.DIRECTORY
                                    && !entry.containsExtendedAttributes(Inode.TTL))
                            .toList(),
                    level.ttl);
            return page.size();
        } catch (TarnException e) {
            LOG.debug("A directory is not looked through for files whose time is over: {}", e.getMessage());
            levels.remove(level);
            return 0;
        }
    }

    private void expire(List<FileStatus> files, Ttl ttl) throws TarnException {
        long now = parts.clock().millis();
        List<FileStatus> over = files.stream()
                .filter(file -> ttl.isOver(file.getModifiedMillis(), now))
                .toList();
        if (ttl.action() == Ttl.Action.FREE) {
            over.stream()
                    .filter(file -> file.getPersistence() == Persistence.PERSISTED)
                    .map(file -> FileVersion.of(file.getVersion()))
                    .forEach(toFree::add);
        } else if (!over.isEmpty()) {
            try (BoundedTasks tasks = new BoundedTasks(DELETIONS_AT_ONCE)) {
                for (FileStatus file : over) {
                    tasks.run(() -> delete(file, ttl));
                }
                tasks.finish();
            }
        }
    }

    private void delete(FileStatus file, Ttl ttl) {
        try {
            User user = parts.users().of(Caller.newBuilder().setUser(ttl.user()).build());
            Mutations.await(deletion.deleteUnchanged(file, user));
            deleted.increment();
        } catch (TarnException e) {
            if (e.code() != ErrorCode.NOT_FOUND && e.code() != ErrorCode.STORE_CHANGED) {
                LOG.debug(
                        "The time to live of {} is over, but it cannot be deleted: {}", file.getPath(), e.getMessage());
                failures.incrementAndGet();
                failed.increment();
            }
        }
    }

    private Request request(TarnPath path) {
        User looker = new User(parts.users().superuser(), parts.users().supergroup(), Set.of(), true);
        return new Request(looker, CallKey.NONE, path, parts.clock().millis());
    }

    private static @Nullable String path(NamespaceView view, DirectoryKey key) {
        return switch (key) {
            case DirectoryKey.Owned owned -> {
                Inode inode = view.inode(owned.inodeId());
                boolean isThere = inode != null
                        && (inode.id() == Inode.ROOT_ID || view.childId(inode.parent(), inode.name()) == inode.id());
                yield inode == null || !isThere ? null : Paths.of(inode, view);
            }
            case DirectoryKey.Mirrored mirrored -> {
                MountEntry mount = view.mount(mirrored.mountId());
                yield mount == null
                        ? null
                        : new MountPlace(mount, mirrored.path()).inNamespace().toString();
            }
        };
    }
}
