/**
 * The worker: the cache process of one node. Starting points: {@code page} (pages in sparse files, tiers, eviction), {@code fill} (from the under
 * store), {@code write}, {@code server} (the data plane).
 */
@NullMarked
package io.tarn.worker;

import org.jspecify.annotations.NullMarked;
