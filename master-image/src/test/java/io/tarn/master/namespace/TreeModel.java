package io.tarn.master.namespace;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a namespace should be, in the simplest form: length by path, -1 for directories. */
public final class TreeModel {
    private static final int DIRECTORY = -1;

    private final SortedMap<String, Integer> entries = new TreeMap<>();
    private final List<String> mounts;

    public TreeModel(List<String> mounts) {
        this.mounts = mounts;
        mounts.forEach(mount -> entries.put(mount, DIRECTORY));
    }

    public TreeModel copy() {
        TreeModel copy = new TreeModel(mounts);
        copy.entries.putAll(entries);
        return copy;
    }

    /** Is from now on as another one is. */
    public void become(TreeModel other) {
        Map<String, Integer> now = Map.copyOf(other.entries);
        entries.clear();
        entries.putAll(now);
    }

    public Map<String, Integer> entries() {
        return entries;
    }

    public boolean mkdir(String path, boolean parents) {
        if (entries.containsKey(path) || !(parents ? ancestorsAreNoFiles(path) : isDirectory(parent(path)))) {
            return false;
        }
        for (String missing = path; !missing.isEmpty() && !isDirectory(missing); missing = parent(missing)) {
            entries.put(missing, DIRECTORY);
        }
        return true;
    }

    public boolean write(String path, int length) {
        if (isDirectory(path) || !isDirectory(parent(path))) {
            return false;
        }
        entries.put(path, length);
        return true;
    }

    public boolean append(String path, int more) {
        Integer length = entries.get(path);
        if (length == null || length == DIRECTORY) {
            return false;
        }
        entries.put(path, length + more);
        return true;
    }

    public boolean delete(String path, boolean recursive) {
        boolean refused = !entries.containsKey(path) || isOrHoldsMount(path) || (!recursive && hasChildren(path));
        if (!refused) {
            entries.keySet().removeIf(each -> each.equals(path) || each.startsWith(path + "/"));
        }
        return !refused;
    }

    public boolean rename(String source, String target, boolean overwrite) {
        if (isOrHoldsMount(source)
                || isOrHoldsMount(target)
                || target.startsWith(source + "/")
                || !mountOf(source).equals(mountOf(target))
                || !entries.containsKey(source)
                || !isDirectory(parent(target))) {
            return false;
        }
        if (source.equals(target)) {
            return true;
        }
        Integer replaced = entries.get(target);
        if (replaced != null && (!overwrite || isDirectory(source) != isDirectory(target) || hasChildren(target))) {
            return false;
        }
        Map<String, Integer> moved = new TreeMap<>();
        entries.forEach((path, length) -> {
            if (path.equals(source) || path.startsWith(source + "/")) {
                moved.put(target + path.substring(source.length()), length);
            }
        });
        entries.keySet().removeIf(each -> each.equals(source) || each.startsWith(source + "/"));
        entries.putAll(moved);
        return true;
    }

    private boolean isDirectory(String path) {
        return path.isEmpty() || Integer.valueOf(DIRECTORY).equals(entries.get(path));
    }

    private boolean ancestorsAreNoFiles(String path) {
        for (String above = parent(path); !above.isEmpty(); above = parent(above)) {
            if (entries.containsKey(above) && !isDirectory(above)) {
                return false;
            }
        }
        return true;
    }

    private boolean hasChildren(String path) {
        return entries.keySet().stream().anyMatch(each -> each.startsWith(path + "/"));
    }

    private boolean isOrHoldsMount(String path) {
        return mounts.stream().anyMatch(mount -> mount.equals(path) || mount.startsWith(path + "/"));
    }

    private String mountOf(String path) {
        String found = "";
        for (String mount : mounts) {
            if (path.startsWith(mount + "/") && mount.length() > found.length()) {
                found = mount;
            }
        }
        return found;
    }

    private static String parent(String path) {
        return path.substring(0, path.lastIndexOf('/'));
    }
}
