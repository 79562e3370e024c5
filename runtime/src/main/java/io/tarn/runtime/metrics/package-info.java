/** The registry that all parts of a process record into, with the figures of the JVM and the process. */
@NullMarked
package io.tarn.runtime.metrics;

import org.jspecify.annotations.NullMarked;
