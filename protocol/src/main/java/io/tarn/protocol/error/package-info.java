/** Error codes and the exception that carries them. */
@NullMarked
package io.tarn.protocol.error;

import org.jspecify.annotations.NullMarked;
