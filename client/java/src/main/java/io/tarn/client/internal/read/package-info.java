/** Reading of one open file version: over connections to workers, out of a buffer read ahead, or from a mapped file of the local worker. */
@NullMarked
package io.tarn.client.internal.read;

import org.jspecify.annotations.NullMarked;
