/** One structured line an event, on standard error, set by configuration rather than by a file of the logging library. */
@NullMarked
package io.tarn.runtime.log;

import org.jspecify.annotations.NullMarked;
