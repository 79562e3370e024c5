/** Tests of what the file commands compute themselves. */
@NullMarked
package io.tarn.cli.fs;

import org.jspecify.annotations.NullMarked;
