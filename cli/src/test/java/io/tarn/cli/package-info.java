/** Tests of the command without a cluster. */
@NullMarked
package io.tarn.cli;

import org.jspecify.annotations.NullMarked;
