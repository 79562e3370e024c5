/** A real etcd for tests: the program from the path, in processes of its own. Starting point: {@link io.tarn.testing.etcd.EtcdCluster}. */
@NullMarked
package io.tarn.testing.etcd;

import org.jspecify.annotations.NullMarked;
