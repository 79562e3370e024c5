/** End-to-end tests of one process: through the client and through the command. */
@NullMarked
package io.tarn.standalone;

import org.jspecify.annotations.NullMarked;
