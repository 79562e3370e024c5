/**
 * The operations of the namespace. Starting points: {@link io.tarn.master.namespace.Namespace} (what callers can ask), {@code Resolver} (from a path to
 * what is there), {@code Mutations} (how a change is carried out once).
 */
@NullMarked
package io.tarn.master.namespace;

import org.jspecify.annotations.NullMarked;
