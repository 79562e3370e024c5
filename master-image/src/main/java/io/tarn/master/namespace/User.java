package io.tarn.master.namespace;

import java.util.Set;

/**
 * Who calls, as permission checks see it.
 *
 * @param primaryGroup the group of what this user creates
 */
record User(String name, String primaryGroup, Set<String> groups, boolean superuser) {
    boolean isIn(String group) {
        return groups.contains(group);
    }
}
