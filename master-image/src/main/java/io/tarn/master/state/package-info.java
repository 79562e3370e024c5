/** The key-value store that holds the namespace's state, and views of it. */
@NullMarked
package io.tarn.master.state;

import org.jspecify.annotations.NullMarked;
