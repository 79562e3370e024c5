/** Directories that a server keeps its data in. */
@NullMarked
package io.tarn.runtime.directory;

import org.jspecify.annotations.NullMarked;
