/** Tests of the configuration loader against real files. */
@NullMarked
package io.tarn.runtime.config;

import org.jspecify.annotations.NullMarked;
