/** Starting the parts of a process in order, and closing them in the opposite order whatever fails. */
@NullMarked
package io.tarn.runtime.lifecycle;

import org.jspecify.annotations.NullMarked;
