/** Tests of the worker's link to its master, over real channels. */
@NullMarked
package io.tarn.worker.registration;

import org.jspecify.annotations.NullMarked;
