package io.tarn.hadoop;

import java.util.Locale;
import org.apache.hadoop.fs.CommonPathCapabilities;

/** What can be done with every path. Stateless. */
final class Capabilities {
    private Capabilities() {}

    static boolean has(String capability) {
        return switch (capability.toLowerCase(Locale.ROOT)) {
            case CommonPathCapabilities.FS_APPEND,
                    CommonPathCapabilities.FS_TRUNCATE,
                    CommonPathCapabilities.FS_PERMISSIONS,
                    CommonPathCapabilities.FS_SYMLINKS,
                    CommonPathCapabilities.FS_XATTRS,
                    CommonPathCapabilities.ETAGS_AVAILABLE -> true;
            default -> false;
        };
    }
}
