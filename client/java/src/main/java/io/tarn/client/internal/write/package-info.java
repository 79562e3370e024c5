/** Writing of one file through one worker. */
@NullMarked
package io.tarn.client.internal.write;

import org.jspecify.annotations.NullMarked;
