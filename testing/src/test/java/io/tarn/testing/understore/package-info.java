/** Runs the contract of under stores against every adapter and a real server of its kind. */
@NullMarked
package io.tarn.testing.understore;

import org.jspecify.annotations.NullMarked;
