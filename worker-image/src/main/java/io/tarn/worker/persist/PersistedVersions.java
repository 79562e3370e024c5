package io.tarn.worker.persist;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.id.FileVersion;
import io.tarn.protocol.v1.Ticket;
import io.tarn.worker.entrylog.EntryLog;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leads readers with tickets of an owned version to the mirrored version that it has become, for as long as such tickets are valid, across restarts too. At
 * most 200,000; beyond that the oldest are forgotten, and their readers have to open the file again. Safe for many threads.
 */
public final class PersistedVersions implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(PersistedVersions.class);
    private static final int MOST = 200_000;

    private final Map<FileVersion, Persisted> known = new ConcurrentHashMap<>();
    private final Map<FileVersion, Persisted> inOrder = new LinkedHashMap<>();
    private final InstantSource clock;
    private final EntryLog<Persisted> file;

    private PersistedVersions(InstantSource clock, EntryLog<Persisted> file) {
        this.clock = clock;
        this.file = file;
    }

    /** @throws TarnException INVALID_ARGUMENT where the directory cannot be used */
    public static PersistedVersions open(Path directory, InstantSource clock) throws TarnException {
        try {
            PersistedVersions versions = new PersistedVersions(
                    clock, new EntryLog<>(directory.resolve("persisted.log"), new PersistedCodec()));
            versions.file.read(versions::add);
            versions.file.rewrite(versions.inOrder.values());
            return versions;
        } catch (IOException e) {
            throw new TarnException(
                    ErrorCode.INVALID_ARGUMENT,
                    "worker.directory: " + directory + " cannot be read and written (" + e
                            + "); choose a directory that this process may write",
                    e);
        }
    }

    /** What the version has become; null where it is what it was. */
    public @Nullable Persisted find(FileVersion version) {
        return version.isMirrored() ? null : known.get(version);
    }

    /** The ticket, or what it leads to by now. */
    public Ticket follow(Ticket ticket) {
        Persisted persisted = find(FileVersion.of(ticket.getVersion()));
        return persisted == null ? ticket : persisted.follow(ticket);
    }

    public synchronized void add(Persisted persisted) {
        if (persisted.untilMillis() < clock.millis()) {
            return;
        }
        inOrder.remove(persisted.old());
        inOrder.put(persisted.old(), persisted);
        known.put(persisted.old(), persisted);
        dropOld();
        try {
            file.append(persisted, inOrder.values());
        } catch (IOException e) {
            log.warn("readers of {} will have to open it again after a restart: {}", persisted.old(), e.toString());
        }
    }

    /** Those that were added first end first, but for changes of the tickets' lifetime. */
    private void dropOld() {
        Iterator<Persisted> oldest = inOrder.values().iterator();
        while (oldest.hasNext()) {
            Persisted persisted = oldest.next();
            if (persisted.untilMillis() >= clock.millis() && inOrder.size() <= MOST) {
                return;
            }
            oldest.remove();
            known.remove(persisted.old());
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
