/**
 * Tarn as a Hadoop file system: {@link io.tarn.hadoop.TarnFileSystem} for {@code FileSystem}, {@link io.tarn.hadoop.Tarn} for {@code FileContext}. Its
 * settings are the constants of {@link io.tarn.hadoop.TarnSettings}.
 */
@NullMarked
package io.tarn.hadoop;

import org.jspecify.annotations.NullMarked;
