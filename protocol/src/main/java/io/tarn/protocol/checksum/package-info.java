/** Checksums of pages. */
@NullMarked
package io.tarn.protocol.checksum;

import org.jspecify.annotations.NullMarked;
