/** The connection to etcd, and the names of what a cluster keeps there. What is done with it is in {@code election} and {@code journal.etcd}. */
@NullMarked
package io.tarn.master.etcd;

import org.jspecify.annotations.NullMarked;
