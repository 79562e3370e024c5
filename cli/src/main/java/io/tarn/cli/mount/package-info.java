/** Subcommands that attach under stores to the namespace. */
@NullMarked
package io.tarn.cli.mount;

import org.jspecify.annotations.NullMarked;
