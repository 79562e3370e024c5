package io.tarn.client;

/**
 * @param recursive all below, at any depth
 * @param startAfter only names after this one; "" for all
 * @param limit at most so many; 0 = all
 */
public record ListOptions(boolean recursive, String startAfter, int limit) {
    public static final ListOptions CHILDREN = new ListOptions(false, "", 0);
    public static final ListOptions RECURSIVE = new ListOptions(true, "", 0);
}
