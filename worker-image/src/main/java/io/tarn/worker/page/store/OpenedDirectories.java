package io.tarn.worker.page.store;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.runtime.config.DataSize;
import io.tarn.worker.page.TierSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The tier directories that this process holds, top tier first, each locked against other processes. Not thread-safe but for reading. */
final class OpenedDirectories {
    static final String MEM = "MEM";
    static final String SSD = "SSD";

    private final Map<TierDirectory, DirectoryLock> locks = new LinkedHashMap<>();

    private final ExportedSpace exportedSpace = new ExportedSpace();
    private final CacheShares shares = new CacheShares();

    private OpenedDirectories() {}

    static OpenedDirectories open(TierSettings settings) throws TarnException {
        OpenedDirectories opened = new OpenedDirectories();
        boolean done = false;
        try {
            opened.addTier(MEM, 0, settings.memPaths(), settings.memCapacity());
            opened.addTier(SSD, 1, settings.ssdPaths(), settings.ssdCapacity());
            if (opened.locks.isEmpty()) {
                throw new TarnException(
                        ErrorCode.INVALID_ARGUMENT,
                        "a worker needs a tier: set worker.tiers.mem.paths or worker.tiers.ssd.paths");
            }
            done = true;
            return opened;
        } finally {
            if (!done) {
                opened.close(false);
            }
        }
    }

    List<TierDirectory> directories() {
        return List.copyOf(locks.keySet());
    }

    ExportedSpace exportedSpace() {
        return exportedSpace;
    }

    CacheShares shares() {
        return shares;
    }

    boolean wasClean(TierDirectory directory) {
        DirectoryLock lock = locks.get(directory);
        return lock != null && lock.wasClean();
    }

    /** After what is there was counted: whether the rest of the capacity can be had. */
    void checkSpace() throws TarnException {
        for (Map.Entry<TierDirectory, DirectoryLock> entry : locks.entrySet()) {
            TierDirectory directory = entry.getKey();
            try {
                long possible = directory.usedBytes() + entry.getValue().freeBytes();
                if (directory.capacityBytes() > possible) {
                    String setting = "worker.tiers." + directory.tier().toLowerCase(Locale.ROOT) + ".capacity";
                    throw new TarnException(
                            ErrorCode.INVALID_ARGUMENT,
                            setting + " is " + new DataSize(directory.capacityBytes()) + ", but " + directory.path()
                                    + " has room for " + new DataSize(possible)
                                    + " only: lower it, or free space there");
                }
            } catch (TarnException e) {
                throw e;
            } catch (IOException e) {
                throw new TarnException(
                        ErrorCode.INVALID_ARGUMENT, directory.path() + ": free space is unknown: " + e, e);
            }
        }
    }

    /** Gives the directories back. @param clean marks those whose files are as memory says */
    void close(boolean clean) {
        for (Map.Entry<TierDirectory, DirectoryLock> entry : locks.entrySet()) {
            TierDirectory directory = entry.getKey();
            try (DirectoryLock lock = entry.getValue()) {
                if (clean && !directory.isSuspect() && directory.isWhole()) {
                    lock.markClean();
                }
            } catch (IOException e) {
                directory.failed("closing", e);
            }
        }
        locks.clear();
    }

    private void addTier(String tier, int level, List<Path> paths, DataSize capacity) throws TarnException {
        String prefix = "worker.tiers." + tier.toLowerCase(Locale.ROOT);
        List<Path> seen = new ArrayList<>();
        for (Path path : paths) {
            if (path.toString().isEmpty()) {
                continue;
            }
            if (seen.contains(path)) {
                throw new TarnException(ErrorCode.INVALID_ARGUMENT, prefix + ".paths names " + path + " twice");
            }
            seen.add(path);
            DirectoryLock lock = DirectoryLock.acquire(path, prefix + ".paths");
            TierDirectory directory =
                    new TierDirectory(tier, level, path, capacity.bytes(), exportedSpace, shares.common());
            locks.put(directory, lock);
        }
    }
}
