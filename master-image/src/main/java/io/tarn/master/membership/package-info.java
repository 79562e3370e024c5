/** Which workers there are, what they hold, and what they are told to delete. Soft state. Starting point: {@link io.tarn.master.membership.WorkerRegistry}. */
@NullMarked
package io.tarn.master.membership;

import org.jspecify.annotations.NullMarked;
