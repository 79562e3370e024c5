/**
 * The journal of a master that is alone: preallocated segment files in one directory, made durable by one fdatasync for each batch. Starting point: {@link
 * io.tarn.master.journal.embedded.EmbeddedJournal}; the format is described at {@link io.tarn.master.journal.embedded.SegmentHeader} and {@link
 * io.tarn.master.journal.embedded.Frame}.
 */
@NullMarked
package io.tarn.master.journal.embedded;

import org.jspecify.annotations.NullMarked;
