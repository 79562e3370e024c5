/** The master's gRPC server: from messages to the namespace and back. Starting point: {@link io.tarn.master.rpc.RpcServer}. */
@NullMarked
package io.tarn.master.rpc;

import org.jspecify.annotations.NullMarked;
