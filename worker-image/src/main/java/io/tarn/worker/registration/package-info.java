/** The worker's link to its master: who it is, what it holds, and what the master wants done. Starting point: {@link io.tarn.worker.registration.MasterLink}. */
@NullMarked
package io.tarn.worker.registration;

import org.jspecify.annotations.NullMarked;
