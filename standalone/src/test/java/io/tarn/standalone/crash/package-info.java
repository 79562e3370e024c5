/** A process that is killed again and again under load, and the proof that nothing acknowledged is lost and nothing deleted comes back. */
@NullMarked
package io.tarn.standalone.crash;

import org.jspecify.annotations.NullMarked;
