/** Subcommands that work on files and directories as their Unix namesakes do. */
@NullMarked
package io.tarn.cli.fs;

import org.jspecify.annotations.NullMarked;
