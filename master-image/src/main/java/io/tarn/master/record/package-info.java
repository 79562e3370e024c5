/** The records of the journal: sealed types, their encoding and their version history. */
@NullMarked
package io.tarn.master.record;

import org.jspecify.annotations.NullMarked;
