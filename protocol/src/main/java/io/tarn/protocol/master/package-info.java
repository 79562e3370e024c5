/** How masters are named and found. */
@NullMarked
package io.tarn.protocol.master;

import org.jspecify.annotations.NullMarked;
