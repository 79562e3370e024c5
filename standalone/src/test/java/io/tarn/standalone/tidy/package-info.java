/** Tests of the source tree itself: the arrows that must not exist, and the small rules that keep files readable. */
@NullMarked
package io.tarn.standalone.tidy;

import org.jspecify.annotations.NullMarked;
