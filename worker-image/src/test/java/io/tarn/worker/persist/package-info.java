@NullMarked
package io.tarn.worker.persist;

import org.jspecify.annotations.NullMarked;
