/** Tests of closing order. */
@NullMarked
package io.tarn.runtime.lifecycle;

import org.jspecify.annotations.NullMarked;
