/** {@code tarn place}: which workers data below a directory are on. */
@NullMarked
package io.tarn.cli.placement;

import org.jspecify.annotations.NullMarked;
