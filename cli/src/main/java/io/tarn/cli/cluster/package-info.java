/** {@code tarn cluster}: the processes that make up a cluster. */
@NullMarked
package io.tarn.cli.cluster;

import org.jspecify.annotations.NullMarked;
