/** Tests of log lines. */
@NullMarked
package io.tarn.runtime.log;

import org.jspecify.annotations.NullMarked;
