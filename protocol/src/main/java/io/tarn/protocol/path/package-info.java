/** Paths and names of the namespace. */
@NullMarked
package io.tarn.protocol.path;

import org.jspecify.annotations.NullMarked;
