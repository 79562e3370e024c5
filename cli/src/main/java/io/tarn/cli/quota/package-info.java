/** {@code tarn quota}: how much may be below directories. */
@NullMarked
package io.tarn.cli.quota;

import org.jspecify.annotations.NullMarked;
