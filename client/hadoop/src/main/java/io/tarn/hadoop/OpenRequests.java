package io.tarn.hadoop;

import static org.apache.hadoop.fs.Options.OpenFileOptions.FS_OPTION_OPENFILE_READ_POLICY;
import static org.apache.hadoop.fs.Options.OpenFileOptions.FS_OPTION_OPENFILE_STANDARD_OPTIONS;

import io.tarn.client.OpenOptions.AccessPattern;
import java.util.Set;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.impl.OpenFileParameters;

/** What {@code openFile()} was told of the reads to come. */
final class OpenRequests {
    private OpenRequests() {}

    /** @throws IllegalArgumentException for a mandatory option that Tarn does not know */
    static void refuseUnknown(OpenFileParameters parameters) {
        Set<String> unknown = new TreeSet<>(parameters.getMandatoryKeys());
        unknown.removeAll(FS_OPTION_OPENFILE_STANDARD_OPTIONS);
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException("unknown mandatory options for openFile(): " + unknown);
        }
    }

    /** The first policy of the list that Tarn knows decides; formats with a footer jump about, texts do not. */
    static AccessPattern pattern(Configuration options) {
        for (String policy : options.getTrimmedStringCollection(FS_OPTION_OPENFILE_READ_POLICY)) {
            switch (policy) {
                case "sequential", "whole-file", "avro", "csv", "json" -> {
                    return AccessPattern.SEQUENTIAL;
                }
                case "random", "vector", "columnar", "orc", "parquet", "hbase" -> {
                    return AccessPattern.RANDOM;
                }
                case "adaptive", "default" -> {
                    return AccessPattern.AUTO;
                }
                default -> {}
            }
        }
        return AccessPattern.AUTO;
    }
}
