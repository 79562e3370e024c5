/** Checks cached data that nobody reads, so that damage is found while its source is still there. */
@NullMarked
package io.tarn.worker.scrub;

import org.jspecify.annotations.NullMarked;
