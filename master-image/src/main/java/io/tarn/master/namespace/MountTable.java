package io.tarn.master.namespace;

import io.tarn.master.record.MountEntry;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.path.TarnPath;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The mounts of one version of the mount table. Immutable. */
final class MountTable {
    private final long version;
    private final Map<Long, MountEntry> byId = new HashMap<>();
    private final List<Place> deepestFirst = new ArrayList<>();

    private record Place(TarnPath path, MountEntry mount) {}

    MountTable(long version, List<MountEntry> mounts) {
        this.version = version;
        for (MountEntry mount : mounts) {
            byId.put(mount.id(), mount);
            deepestFirst.add(new Place(pathOf(mount), mount));
        }
        deepestFirst.sort(
                Comparator.comparingInt((Place place) -> place.path.names().size())
                        .reversed());
    }

    long version() {
        return version;
    }

    /** By id. */
    List<MountEntry> all() {
        return byId.values().stream()
                .sorted(Comparator.comparingLong(MountEntry::id))
                .toList();
    }

    @Nullable
    MountEntry byId(long mountId) {
        return byId.get(mountId);
    }

    /** The mount that stands exactly here. */
    @Nullable
    MountEntry at(TarnPath path) {
        for (Place place : deepestFirst) {
            if (place.path.equals(path)) {
                return place.mount;
            }
        }
        return null;
    }

    /** The mount whose store holds what is at this path: the deepest strictly above it. Null where the namespace itself does. */
    @Nullable
    MountEntry covering(TarnPath path) {
        for (Place place : deepestFirst) {
            if (path.names().size() > place.path.names().size() && path.startsWith(place.path)) {
                return place.mount;
            }
        }
        return null;
    }

    /** A mount that stands at or below this path, or null. */
    @Nullable
    MountEntry atOrBelow(TarnPath path) {
        for (Place place : deepestFirst) {
            if (place.path.startsWith(path)) {
                return place.mount;
            }
        }
        return null;
    }

    static TarnPath pathOf(MountEntry mount) {
        try {
            return TarnPath.parse(mount.path());
        } catch (TarnException e) {
            throw new IllegalStateException("damaged state: " + mount, e);
        }
    }
}
