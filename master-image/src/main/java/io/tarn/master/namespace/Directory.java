package io.tarn.master.namespace;

import io.tarn.master.record.DirectoryKey;
import org.jspecify.annotations.Nullable;

/**
 * Where the children of a directory are found. Immutable.
 *
 * @param key owned ones hang below it
 * @param place where it stands in a mount; null: in none
 * @param store where a store may have some; null: none does
 */
record Directory(
        DirectoryKey key,
        @Nullable MountPlace place,
        @Nullable MountPlace store) {}
