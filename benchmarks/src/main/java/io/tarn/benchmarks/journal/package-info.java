/** How fast the master's journal takes changes, beside what its disk can force. Run {@link io.tarn.benchmarks.journal.JournalBenchmark}. */
@NullMarked
package io.tarn.benchmarks.journal;

import org.jspecify.annotations.NullMarked;
