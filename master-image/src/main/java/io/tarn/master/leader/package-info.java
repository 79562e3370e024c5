/** Validate, append, apply: the only way in which the namespace changes. Starting point: {@link io.tarn.master.leader.Leader}. Knows no domain. */
@NullMarked
package io.tarn.master.leader;

import org.jspecify.annotations.NullMarked;
