/** The few Linux system calls that the JDK has no face for, bound by the foreign-function API; x86-64 and arm64 only. */
@NullMarked
package io.tarn.worker.os;

import org.jspecify.annotations.NullMarked;
