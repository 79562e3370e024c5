/**
 * The data plane: serves frames over TCP and a Unix socket. Starting points: {@link io.tarn.worker.server.DataServer}, which binds, and
 * {@link io.tarn.worker.server.Connection}, which takes the requests of one peer.
 */
@NullMarked
package io.tarn.worker.server;

import org.jspecify.annotations.NullMarked;
