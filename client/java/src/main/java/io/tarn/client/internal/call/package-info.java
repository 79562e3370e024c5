/** What every call of the client shares: event loops, retries with backoff, waiting, counters. */
@NullMarked
package io.tarn.client.internal.call;

import org.jspecify.annotations.NullMarked;
