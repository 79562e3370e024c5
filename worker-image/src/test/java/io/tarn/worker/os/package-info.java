/** Tests of the system calls against the kernel that runs them. */
@NullMarked
package io.tarn.worker.os;

import org.jspecify.annotations.NullMarked;
