/**
 * Configuration: one small record per component whose parts are {@link io.tarn.runtime.config.Setting settings}, read from one properties file per
 * process and from the environment. Unknown keys are errors.
 */
@NullMarked
package io.tarn.runtime.config;

import org.jspecify.annotations.NullMarked;
