/** What the worker knows of its cluster: epoch, ticket key, its own id. */
@NullMarked
package io.tarn.worker.cluster;

import org.jspecify.annotations.NullMarked;
