/** Subcommands about the cluster and the machine: info, doctor, version, completion. */
@NullMarked
package io.tarn.cli.machine;

import org.jspecify.annotations.NullMarked;
