/** Tests of the pace of background checks; what they find is tested with the page store. */
@NullMarked
package io.tarn.worker.scrub;

import org.jspecify.annotations.NullMarked;
