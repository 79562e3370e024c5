/** Which release of Tarn this is, as processes tell each other and people. */
@NullMarked
package io.tarn.protocol.release;

import org.jspecify.annotations.NullMarked;
