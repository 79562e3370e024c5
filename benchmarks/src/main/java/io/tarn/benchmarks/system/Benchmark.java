package io.tarn.benchmarks.system;

import io.tarn.benchmarks.measure.Report;

/** One program of the suite; adds lines to the report. */
interface Benchmark {
    /** As given to --only. */
    String name();

    /** What it tells, in one sentence. */
    String purpose();

    void run(Lab lab, Report report) throws Exception;
}
