@NullMarked
package io.tarn.worker.fill;

import org.jspecify.annotations.NullMarked;
