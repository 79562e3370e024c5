/** How results are written: as a table for people or as JSON for programs, a row at a time. */
@NullMarked
package io.tarn.cli.output;

import org.jspecify.annotations.NullMarked;
