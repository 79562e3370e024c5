/** The ordered log of records that is the truth about the namespace. */
@NullMarked
package io.tarn.master.journal;

import org.jspecify.annotations.NullMarked;
