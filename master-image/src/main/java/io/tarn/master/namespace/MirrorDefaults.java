package io.tarn.master.namespace;

import io.tarn.master.mirror.MirrorRow;
import io.tarn.master.record.MountEntry;
import io.tarn.master.record.Overlay;
import io.tarn.protocol.v1.MountOptions;
import org.jspecify.annotations.Nullable;

/**
 * Owner, group and mode of mirrored entries: the overlay's word, else the store's, else the mount's options, else these. A store that keeps no modes lets
 * everybody in by default, because its own credentials have decided that already; the mount's options can say otherwise.
 */
record MirrorDefaults(String owner, String group) {
    private static final int FILE_MODE = 0666;
    private static final int DIRECTORY_MODE = 0777;

    Node.MirroredNode node(MountEntry mount, String path, MirrorRow row, Overlay overlay) {
        MountOptions options = mount.options();
        String nodeOwner = firstOf(overlay.owner(), row.owner(), options.getDefaultOwner(), owner);
        String nodeGroup = firstOf(overlay.group(), row.group(), options.getDefaultGroup(), group);
        int mode = row.mode() >= 0 ? row.mode() : defaultMode(options, row.directory());
        Long overlaid = overlay.mode();
        return new Node.MirroredNode(
                mount, path, row, overlay, nodeOwner, nodeGroup, overlaid == null ? mode : overlaid.intValue());
    }

    String ownerOf(MountOptions options) {
        return firstOf(null, null, options.getDefaultOwner(), owner);
    }

    String groupOf(MountOptions options) {
        return firstOf(null, null, options.getDefaultGroup(), group);
    }

    int defaultMode(MountOptions options, boolean directory) {
        if (directory) {
            return options.getDefaultDirectoryMode() != 0 ? options.getDefaultDirectoryMode() : DIRECTORY_MODE;
        }
        return options.getDefaultFileMode() != 0 ? options.getDefaultFileMode() : FILE_MODE;
    }

    private static String firstOf(@Nullable String overlay, @Nullable String store, String option, String fallback) {
        if (overlay != null) {
            return overlay;
        }
        if (store != null) {
            return store;
        }
        return option.isEmpty() ? fallback : option;
    }
}
