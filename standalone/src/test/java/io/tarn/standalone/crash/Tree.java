package io.tarn.standalone.crash;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What one client's part of the namespace should be: entries by path. Immutable; each change gives the tree after it, or null where the change is to be
 * refused.
 */
final class Tree {
    /** A mode that nobody has chosen. */
    static final int ANY_MODE = -1;

    /** @param content null for a directory */
    record Entry(@Nullable Content content, int mode) {
        boolean isDirectory() {
            return content == null;
        }
    }

    private final SortedMap<String, Entry> entries;

    private Tree(SortedMap<String, Entry> entries) {
        this.entries = entries;
    }

    /** Directories that are there before anything happens, and are never changed. */
    static Tree of(List<String> roots) {
        SortedMap<String, Entry> entries = new TreeMap<>();
        roots.forEach(root -> entries.put(root, new Entry(null, ANY_MODE)));
        return new Tree(entries);
    }

    SortedMap<String, Entry> entries() {
        return entries;
    }

    @Nullable
    Entry get(String path) {
        return entries.get(path);
    }

    /** What is at or below a path. */
    SortedMap<String, Entry> below(String path) {
        SortedMap<String, Entry> below = new TreeMap<>(entries.subMap(path + "/", path + "0"));
        Entry own = entries.get(path);
        if (own != null) {
            below.put(path, own);
        }
        return below;
    }

    boolean isDirectory(String path) {
        Entry entry = entries.get(path);
        return entry != null && entry.isDirectory();
    }

    boolean isFile(String path) {
        Entry entry = entries.get(path);
        return entry != null && !entry.isDirectory();
    }

    @Nullable
    Tree makeDirectory(String path, boolean parents, boolean allowExisting, int mode) {
        if (isDirectory(path) && allowExisting) {
            return this;
        }
        Tree above = parents ? withParents(path) : isDirectory(parent(path)) ? this : null;
        return above == null || entries.containsKey(path) ? null : above.with(path, new Entry(null, mode));
    }

    /** The tree with the directories above a path. */
    @Nullable
    Tree withParents(String path) {
        String above = parent(path);
        if (isDirectory(above)) {
            return this;
        }
        Tree parents = entries.containsKey(above) ? null : withParents(above);
        return parents == null ? null : parents.with(above, new Entry(null, ANY_MODE));
    }

    @Nullable
    Tree create(String path, Content content, boolean overwrite, int mode) {
        Tree above = withParents(path);
        if (above == null || isDirectory(path) || (isFile(path) && !overwrite)) {
            return null;
        }
        return above.with(path, new Entry(content, mode));
    }

    /** A new version of a file that keeps what else is known of it. */
    @Nullable
    Tree replaceContent(String path, Content content) {
        Entry entry = entries.get(path);
        return entry == null || entry.isDirectory() ? null : with(path, new Entry(content, entry.mode));
    }

    @Nullable
    Tree delete(String path, boolean recursive) {
        SortedMap<String, Entry> below = below(path);
        return below.isEmpty() || (below.size() > 1 && !recursive) ? null : without(path);
    }

    @Nullable
    Tree rename(String source, String target, boolean overwrite) {
        if (!entries.containsKey(source) || target.startsWith(source + "/") || !isDirectory(parent(target))) {
            return null;
        }
        if (source.equals(target)) {
            return this;
        }
        Entry replaced = entries.get(target);
        if (replaced != null
                && (!overwrite
                        || isDirectory(source) != replaced.isDirectory()
                        || below(target).size() > 1)) {
            return null;
        }
        Tree moved = without(source);
        moved.entries.remove(target);
        below(source).forEach((path, entry) -> moved.entries.put(target + path.substring(source.length()), entry));
        return moved;
    }

    @Nullable
    Tree changeMode(String path, int mode) {
        Entry entry = entries.get(path);
        return entry == null ? null : with(path, new Entry(entry.content, mode));
    }

    private Tree with(String path, Entry entry) {
        SortedMap<String, Entry> more = new TreeMap<>(entries);
        more.put(path, entry);
        return new Tree(more);
    }

    private Tree without(String path) {
        SortedMap<String, Entry> fewer = new TreeMap<>(entries);
        fewer.keySet().removeAll(below(path).keySet());
        return new Tree(fewer);
    }

    private static String parent(String path) {
        return path.substring(0, path.lastIndexOf('/'));
    }
}
