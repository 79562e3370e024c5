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
 * Leads readers with tickets of an owned version to the mirrored version that it has become, for as long as such tickets are valid, across restarts too. It is
 * also this worker's proof of what it has committed, for a master that was stopped before it could note so: the newest 10,000 are kept however old they are.
 * At most 200,000; beyond that the oldest are forgotten, and their readers have to open the file again. Safe for many threads.
 */
public final class PersistedVersions implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(PersistedVersions.class);
    private static final int MOST = 200_000;
    private static final int KEPT_AS_PROOF = 10_000;

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

    /** Once this returns it outlasts a power cut, but where the disk fails. */
    public void add(Persisted persisted) {
        try {
            synchronized (this) {
                inOrder.remove(persisted.old());
                inOrder.put(persisted.old(), persisted);
                known.put(persisted.old(), persisted);
                dropOld();
                file.append(persisted, inOrder.values());
            }
            file.force();
        } catch (IOException e) {
            log.warn(
                    "{} may have to be brought to its store again after a restart, and its readers to open it again: {}",
                    persisted.old(),
                    e.toString());
        }
    }

    /** Those that were added first end first, but for changes of the tickets' lifetime. */
    private void dropOld() {
        Iterator<Persisted> oldest = inOrder.values().iterator();
        while (oldest.hasNext() && inOrder.size() > KEPT_AS_PROOF) {
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
