/** Tests of the checks of the machine. */
@NullMarked
package io.tarn.cli.machine;

import org.jspecify.annotations.NullMarked;
