package io.tarn.benchmarks.quickstart;

import java.nio.file.Path;
import java.util.List;

/**
 * What the quickstart shall do, checked.
 *
 * @param scale TPC-H scale factor
 * @param delayMillis delay of each request to S3
 * @param bandwidthBytesPerSecond bound on what S3 delivers; 0 is none
 * @param queries numbers of TPC-H queries, in order
 * @param directory parent of the directory that all of it works in
 * @param cluster whether Tarn is a cluster of several processes, not one
 * @param keep whether it is left running at the end
 */
record QuickstartSettings(
        double scale,
        long delayMillis,
        long bandwidthBytesPerSecond,
        List<Integer> queries,
        Path directory,
        boolean cluster,
        boolean keep) {}
