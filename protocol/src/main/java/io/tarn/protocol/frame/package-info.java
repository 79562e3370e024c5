/** The data plane's frames: a fixed binary header, then a payload. */
@NullMarked
package io.tarn.protocol.frame;

import org.jspecify.annotations.NullMarked;
