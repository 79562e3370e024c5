/**
 * Backups of the namespace: one file with all journaled tables at one moment. Starting points: {@link io.tarn.master.backup.BackupWriter} makes one from a
 * running master; {@link io.tarn.master.backup.Restoration} makes a master's directory from it.
 */
@NullMarked
package io.tarn.master.backup;

import org.jspecify.annotations.NullMarked;
