/** Signing of tickets and receipts. */
@NullMarked
package io.tarn.protocol.ticket;

import org.jspecify.annotations.NullMarked;
