/** What tests and benchmarks share: contract suites, in-memory and fault-injecting implementations, embedded servers. Never in a product's class path. */
@NullMarked
package io.tarn.testing;

import org.jspecify.annotations.NullMarked;
