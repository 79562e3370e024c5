package io.tarn.hadoop;

import io.tarn.client.BlockHosts;
import io.tarn.client.FileInfo;
import io.tarn.client.FileReader;
import io.tarn.client.ListOptions;
import io.tarn.client.Listing;
import io.tarn.client.OpenOptions;
import io.tarn.client.QuotaInfo;
import io.tarn.client.TarnClient;
import io.tarn.protocol.error.TarnException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Function;
import org.apache.hadoop.fs.BlockLocation;
import org.apache.hadoop.fs.ContentSummary;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.PathFilter;
import org.apache.hadoop.fs.RemoteIterator;
import org.jspecify.annotations.Nullable;

/** Directories listed as they stream in, sums over trees, and where blocks are. Thread-safe; each iterator is for one thread. */
final class Listings {
    private final TarnClient client;
    private final Function<String, Path> qualify;

    /** @param qualify from a path of the namespace to Hadoop's */
    Listings(TarnClient client, Function<String, Path> qualify) {
        this.client = client;
        this.qualify = qualify;
    }

    /** The children of a directory, or the file itself. */
    RemoteIterator<TarnFileStatus> list(String name) throws IOException {
        try {
            Listing listing = client.list(name, ListOptions.CHILDREN);
            return new Statuses(name, listing);
        } catch (TarnException e) {
            throw HadoopErrors.whenLooking(name, e);
        }
    }

    /** Those that pass the filter, with the hosts of their blocks. */
    RemoteIterator<LocatedFileStatus> listLocated(String name, PathFilter filter) throws IOException {
        return new Located(list(name), filter);
    }

    BlockLocation[] locations(String name, long start, long length) throws IOException {
        try (FileReader reader = client.open(name, OpenOptions.DEFAULT)) {
            List<BlockLocation> locations = new ArrayList<>();
            for (BlockHosts block : reader.locations(start, length)) {
                String[] hosts = block.hosts().toArray(String[]::new);
                locations.add(new BlockLocation(hosts, hosts, block.offset(), block.lengthBytes()));
            }
            return locations.toArray(BlockLocation[]::new);
        } catch (TarnException e) {
            throw HadoopErrors.whenLooking(name, e);
        }
    }

    /** @param quota its own; null: none */
    ContentSummary summary(String name, @Nullable QuotaInfo quota) throws IOException {
        long length = 0;
        long files = 0;
        long directories = 0;
        try {
            FileInfo root = client.status(name);
            directories += root.isDirectory() ? 1 : 0;
            try (Listing below = client.list(name, root.isDirectory() ? ListOptions.RECURSIVE : ListOptions.CHILDREN)) {
                while (below.hasNext()) {
                    FileInfo entry = below.next();
                    length += entry.isDirectory() ? 0 : entry.lengthBytes();
                    files += entry.isDirectory() ? 0 : 1;
                    directories += entry.isDirectory() ? 1 : 0;
                }
            }
        } catch (TarnException e) {
            throw HadoopErrors.whenLooking(name, e);
        }
        return new ContentSummary.Builder()
                .length(length)
                .fileCount(files)
                .directoryCount(directories)
                .spaceConsumed(length)
                .quota(quota == null ? QuotaInfo.NONE : quota.maxInodes())
                .spaceQuota(quota == null ? QuotaInfo.NONE : quota.maxBytes())
                .build();
    }

    private final class Statuses implements RemoteIterator<TarnFileStatus> {
        private final String name;
        private final Listing listing;

        Statuses(String name, Listing listing) {
            this.name = name;
            this.listing = listing;
        }

        @Override
        public boolean hasNext() throws IOException {
            try {
                return listing.hasNext();
            } catch (TarnException e) {
                throw HadoopErrors.of(name, e);
            }
        }

        @Override
        public TarnFileStatus next() throws IOException {
            try {
                FileInfo info = listing.next();
                return new TarnFileStatus(info, qualify.apply(info.path()));
            } catch (TarnException e) {
                throw HadoopErrors.of(name, e);
            }
        }
    }

    private final class Located implements RemoteIterator<LocatedFileStatus> {
        private final RemoteIterator<TarnFileStatus> statuses;
        private final PathFilter filter;
        private @Nullable TarnFileStatus next;

        Located(RemoteIterator<TarnFileStatus> statuses, PathFilter filter) {
            this.statuses = statuses;
            this.filter = filter;
        }

        @Override
        public boolean hasNext() throws IOException {
            while (next == null && statuses.hasNext()) {
                TarnFileStatus candidate = statuses.next();
                next = filter.accept(candidate.getPath()) ? candidate : null;
            }
            return next != null;
        }

        @Override
        public LocatedFileStatus next() throws IOException {
            TarnFileStatus status = hasNext() ? next : null;
            next = null;
            if (status == null) {
                throw new NoSuchElementException("no more entries");
            }
            String name = status.getPath().toUri().getPath();
            BlockLocation[] locations =
                    status.isFile() && status.getLen() > 0 ? locations(name, 0, status.getLen()) : new BlockLocation[0];
            return new TarnLocatedStatus(status, locations);
        }
    }
}
