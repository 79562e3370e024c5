package io.tarn.worker.pin;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.id.FileVersion;
import io.tarn.protocol.v1.Backing;
import io.tarn.worker.entrylog.EntryLog;
import io.tarn.worker.page.PinnedVersions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The versions that tickets said are pinned, kept over restarts. At most 200,000; more are not pinned. Safe for many threads. */
public final class PinnedFiles implements PinnedVersions, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(PinnedFiles.class);
    static final int MOST = 200_000;

    private final Map<FileVersion, Pin> pins = new ConcurrentHashMap<>();
    private final EntryLog<Pin> file;

    private PinnedFiles(EntryLog<Pin> file) {
        this.file = file;
    }

    /** @throws TarnException INVALID_ARGUMENT where the directory cannot be used */
    public static PinnedFiles open(Path directory) throws TarnException {
        try {
            PinnedFiles files = new PinnedFiles(new EntryLog<>(directory.resolve("pins.log"), new PinCodec()));
            files.file.read(files::change);
            files.file.rewrite(files.pins.values());
            return files;
        } catch (IOException e) {
            throw new TarnException(
                    ErrorCode.INVALID_ARGUMENT,
                    "worker.directory: " + directory + " cannot be read and written (" + e
                            + "); choose a directory that this process may write",
                    e);
        }
    }

    @Override
    public boolean contains(FileVersion version) {
        return pins.containsKey(version);
    }

    /** @return false where there are too many */
    boolean add(FileVersion version, Backing backing) {
        return contains(version) || change(new Pin(version, backing, System.nanoTime(), false));
    }

    void remove(FileVersion version) {
        if (contains(version)) {
            change(new Pin(version, Backing.getDefaultInstance(), 0, true));
        }
    }

    /** All, in no order; what comes and goes meanwhile may be among them or not. */
    Iterator<Pin> iterator() {
        return pins.values().iterator();
    }

    private synchronized boolean change(Pin pin) {
        if (pin.lifted()) {
            pins.remove(pin.version());
        } else if (pins.size() >= MOST) {
            return false;
        } else {
            pins.put(pin.version(), pin);
        }
        try {
            file.append(pin, pins.values());
        } catch (IOException e) {
            log.warn("a change of pins is forgotten at the next restart: {}", e.toString());
        }
        return true;
    }

    @Override
    public synchronized void close() throws IOException {
        file.close();
    }
}
