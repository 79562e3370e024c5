package io.tarn.benchmarks.quickstart;

import io.tarn.testing.s3.S3Counts;
import java.util.List;

/**
 * All queries run once on one file system.
 *
 * @param name how the table calls it
 * @param steps opening the tables, then each query
 */
record Pass(String name, List<Step> steps) {

    /**
     * One thing that Spark did.
     *
     * @param name "open tables", or the query's name
     * @param millis time by Spark's own clock
     * @param rows rows of the result
     * @param hash equal for equal results; empty for what has no result
     * @param s3 what S3 served meanwhile
     */
    record Step(String name, long millis, long rows, String hash, S3Counts s3) {}

    long millis() {
        return steps.stream().mapToLong(Step::millis).sum();
    }

    S3Counts s3() {
        return steps.stream().map(Step::s3).reduce(new S3Counts(0, 0, 0, 0, 0, 0, 0), S3Counts::plus);
    }

    boolean sameResultsAs(Pass other) {
        return hashes().equals(other.hashes());
    }

    private List<String> hashes() {
        return steps.stream()
                .map(step -> step.name() + " " + step.rows() + " " + step.hash())
                .toList();
    }
}
