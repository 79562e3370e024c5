/** Tests of the monitoring server over real sockets. */
@NullMarked
package io.tarn.runtime.http;

import org.jspecify.annotations.NullMarked;
