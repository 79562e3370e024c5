/** {@code tarn standalone}: a master and a worker in one process, whose journal is a local log. Starting point: {@link io.tarn.standalone.StandaloneServer}. */
@NullMarked
package io.tarn.standalone;

import org.jspecify.annotations.NullMarked;
