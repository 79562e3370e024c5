/** The state store on disk: RocksDB, one column family a table, without RocksDB's own log. Starting point: {@link io.tarn.master.state.rocks.RocksStateStore}. */
@NullMarked
package io.tarn.master.state.rocks;

import org.jspecify.annotations.NullMarked;
