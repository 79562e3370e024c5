/** Subcommands that fill and empty the cache. */
@NullMarked
package io.tarn.cli.cache;

import org.jspecify.annotations.NullMarked;
