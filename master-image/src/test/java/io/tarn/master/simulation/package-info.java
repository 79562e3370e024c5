/**
 * The metadata service in a seeded simulation: the masters' own code, with an etcd, workers, clients and a network that fail as the seed says. Starting point: {@link
 * io.tarn.master.simulation.SimulationRun}.
 */
@NullMarked
package io.tarn.master.simulation;

import org.jspecify.annotations.NullMarked;
