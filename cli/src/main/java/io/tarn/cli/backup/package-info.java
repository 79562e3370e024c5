/** Copies of the namespace. Restoring one is the business of the module that has the master. */
@NullMarked
package io.tarn.cli.backup;

import org.jspecify.annotations.NullMarked;
