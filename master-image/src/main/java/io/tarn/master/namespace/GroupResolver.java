package io.tarn.master.namespace;

import java.util.List;

/** Knows the groups of users; groups are never what a client claims. Safe for many threads, and quick: it runs in every call. */
public interface GroupResolver {
    /** The groups of a user, the primary one first; empty where the user is unknown. */
    List<String> groupsOf(String user);
}
