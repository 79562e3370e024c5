/**
 * A kernel for seeded simulation: real code, unchanged, on one thread, in time that passes only when nothing is left to do. Starting points: {@link
 * io.tarn.testing.simulation.Simulation} and {@link io.tarn.testing.simulation.SimulatedClasses}.
 */
@NullMarked
package io.tarn.testing.simulation;

import org.jspecify.annotations.NullMarked;
