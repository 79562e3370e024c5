/** Tests that need nothing but this module; the contract is run in module testing. */
@NullMarked
package io.tarn.understore.local;

import org.jspecify.annotations.NullMarked;
