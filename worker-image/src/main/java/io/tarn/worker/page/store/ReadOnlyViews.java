package io.tarn.worker.page.store;

import io.tarn.runtime.directory.PrivateDirectory;
import io.tarn.worker.os.ReadOnlyMount;
import io.tarn.worker.page.TierSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The read-only mounts of tier directories: who gets a descriptor opened through one cannot open it again for writing. Immutable. */
public final class ReadOnlyViews {
    private static final Logger LOG = LoggerFactory.getLogger(ReadOnlyViews.class);

    private final Map<Path, Path> viewByDirectory;

    private ReadOnlyViews(Map<Path, Path> viewByDirectory) {
        this.viewByDirectory = Map.copyOf(viewByDirectory);
    }

    /** No descriptors leave this worker. */
    public static ReadOnlyViews none() {
        return new ReadOnlyViews(Map.of());
    }

    /**
     * Makes the views of all tier directories under {@code base}, where this process may: it needs CAP_SYS_ADMIN and a mount namespace of its own, as in a
     * container or under {@code unshare --mount}. Elsewhere no descriptors leave the worker.
     */
    public static ReadOnlyViews mount(TierSettings settings, Path base) {
        if (!ReadOnlyMount.isNamespacePrivate()) {
            LOG.info("no descriptors leave this worker: its mount namespace is not its own");
            return none();
        }
        Map<Path, Path> views = new HashMap<>();
        List<Path> directories = new ArrayList<>(settings.memPaths());
        directories.addAll(settings.ssdPaths());
        for (Path directory : directories) {
            Path view = base.resolve("view-" + views.size()).toAbsolutePath();
            try {
                PrivateDirectory.create(directory);
                ReadOnlyMount.mount(directory, view);
                views.put(directory, view);
            } catch (IOException e) {
                LOG.info("no descriptors of files in {} leave this worker: {}", directory, e.toString());
            }
        }
        return of(views);
    }

    /** @param viewByDirectory by the tier directory's path as configured, the path of its read-only mount */
    public static ReadOnlyViews of(Map<Path, Path> viewByDirectory) {
        return new ReadOnlyViews(viewByDirectory);
    }

    /** The path of a file of this directory in its view, or null where the directory has none. */
    @Nullable
    Path pathOf(TierDirectory directory, Path file) {
        Path view = viewByDirectory.get(directory.path());
        return view == null ? null : view.resolve(directory.path().relativize(file));
    }
}
