/**
 * The contract of under stores as a suite that every adapter passes, an implementation in memory, and a wrapper that injects faults.
 */
@NullMarked
package io.tarn.testing.understore;

import org.jspecify.annotations.NullMarked;
