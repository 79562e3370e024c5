/** Tests of progress. */
@NullMarked
package io.tarn.cli.cache;

import org.jspecify.annotations.NullMarked;
