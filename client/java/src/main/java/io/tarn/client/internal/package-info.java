/** Behind the client's interfaces. Not API. */
@NullMarked
package io.tarn.client.internal;

import org.jspecify.annotations.NullMarked;
