/** Rolls a cluster of real processes from an older commit to this build. Starting point: {@link io.tarn.standalone.upgrade.UpgradeRun}. */
@NullMarked
package io.tarn.standalone.upgrade;

import org.jspecify.annotations.NullMarked;
