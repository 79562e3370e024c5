package io.tarn.worker.page;

import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.id.FileVersion;
import io.tarn.protocol.v1.TierUsage;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The pages that this worker holds, in the tiers' directories. Safe for many threads; methods may block on local disks, never on the network.
 *
 * <p>Per file version there is one sparse file, or one per segment (a file larger than a quarter of its directory is split), in one directory at a
 * time, in which each page lies at its offset, beside an index that says which pages are there, with their CRC32C. Making room evicts pages by
 * punching holes (whole files where they were exported); unpersisted and pinned pages are never evicted.
 */
public interface PageStore extends AutoCloseable {
    int PAGE_BYTES = 1 << 20;

    /** The file of a version that has pages here, or null. Close it. */
    @Nullable
    CachedFile find(FileVersion version);

    /**
     * The file of a version, made without pages where there is none. Close it.
     *
     * @param lengthBytes its length where known (a mirrored file); -1 while it is being written
     * @param persisted false: it exists nowhere else, so its pages may not be evicted
     * @param mountId the mount whose under store has it, or will have it when it is complete; 0 for none
     */
    CachedFile open(FileVersion version, long lengthBytes, boolean persisted, long mountId) throws TarnException;

    /** A file of no mount. */
    default CachedFile open(FileVersion version, long lengthBytes, boolean persisted) throws TarnException {
        return open(version, lengthBytes, persisted, 0);
    }

    /** What mounts are granted from now on; those that are not named share the rest. */
    void useQuotas(Map<Long, CacheQuota> quotas);

    /** All versions with pages here that exist nowhere else. */
    List<FileVersion> unpersistedVersions();

    /** Forgets a version and unlinks its files; readers that have pages leased or descriptors keep theirs. Unknown versions are no error. */
    void delete(FileVersion version) throws TarnException;

    /**
     * Keeps the pages of a version from eviction, or does so no more. What is pinned may take a share of the capacity (worker.tiers.max-pinned-percent): a file
     * that does not fit stays as it is. Nothing happens to a version without a file here; those that come later are pinned where {@link PinnedVersions} says so.
     */
    void pin(FileVersion version, boolean pinned);

    /** All versions that have pages here, each at least once if it is there throughout; safe while the store changes. */
    Iterable<FileVersion> versions();

    List<TierUsage> usage();

    /** Files with at least one page here. */
    long files();

    /** Marks the directories whose pages were all found or made whole as cleanly stopped, so that these need no check after the next start. */
    @Override
    void close();
}
