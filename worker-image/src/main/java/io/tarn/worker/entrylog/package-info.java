/** A small file of entries that outlasts the process. Starting point: {@link io.tarn.worker.entrylog.EntryLog}. */
@NullMarked
package io.tarn.worker.entrylog;

import org.jspecify.annotations.NullMarked;
