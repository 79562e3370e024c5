package io.tarn.client.internal.master;

import io.tarn.client.internal.call.Waiting;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.v1.AdminServiceGrpc;
import io.tarn.protocol.v1.Backing;
import io.tarn.protocol.v1.FileStatus;
import io.tarn.protocol.v1.ListMountsRequest;
import io.tarn.protocol.v1.Mount;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Turns the mount ids of statuses into store URIs; asks for the mounts when it meets an id that it does not know. Thread-safe. */
final class MountTable {
    private static final int MAX_UNKNOWN = 1024;
    private static final String UNKNOWN = "";

    private final MasterCalls calls;
    private final Map<Long, String> roots = new ConcurrentHashMap<>();

    MountTable(MasterCalls calls) {
        this.calls = calls;
    }

    /** Where the under store holds a file; null where none does or the mount is gone. May block for one call. */
    @Nullable
    String storeUri(FileStatus status) {
        if (!status.hasBacking()) {
            return null;
        }
        Backing backing = status.getBacking();
        String root = roots.get(backing.getMountId());
        if (root == null) {
            root = look(backing.getMountId());
        }
        if (root.equals(UNKNOWN)) {
            return null;
        }
        return root.endsWith("/") || backing.getPath().isEmpty()
                ? root + backing.getPath()
                : root + "/" + backing.getPath();
    }

    private String look(long mountId) {
        try {
            ListMountsRequest request =
                    ListMountsRequest.newBuilder().setCaller(calls.caller()).build();
            for (Mount mount : Waiting.on(calls.start(AdminServiceGrpc.getListMountsMethod(), request))
                    .getMountsList()) {
                roots.put(mount.getId(), mount.getStoreUri());
            }
        } catch (TarnException e) {
            return UNKNOWN;
        }
        if (roots.size() > MAX_UNKNOWN) {
            roots.values().removeIf(UNKNOWN::equals);
        }
        return roots.computeIfAbsent(mountId, id -> UNKNOWN);
    }
}
