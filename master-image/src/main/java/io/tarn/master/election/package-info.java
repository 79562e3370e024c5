/** Who leads, by a key in etcd that lives as long as its owner's lease. Starting point: {@link io.tarn.master.election.Election}. */
@NullMarked
package io.tarn.master.election;

import org.jspecify.annotations.NullMarked;
