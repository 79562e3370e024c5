/** What the main methods of servers have in common. Starting point: {@link io.tarn.runtime.process.ServerProcess}. */
@NullMarked
package io.tarn.runtime.process;

import org.jspecify.annotations.NullMarked;
