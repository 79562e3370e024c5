/** What a process tells its operator over HTTP: metrics, health and readiness. */
@NullMarked
package io.tarn.runtime.http;

import org.jspecify.annotations.NullMarked;
