/** The {@code tarn} command: what all its subcommands share. Subcommands of other modules come in through {@link io.tarn.cli.CommandProvider}. */
@NullMarked
package io.tarn.cli;

import org.jspecify.annotations.NullMarked;
