package io.tarn.benchmarks.spark;

import java.io.IOException;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/** Copies tables as jobs do, and tells what is in them. Uses the session of the thread that calls. */
final class Tables {
    private final SparkSession spark;

    Tables(SparkSession spark) {
        this.spark = spark;
    }

    /** @param columns by which the copy is partitioned */
    void copy(String from, String to, SaveMode mode, List<String> columns) {
        spark.read()
                .parquet(from)
                .write()
                .mode(mode)
                .partitionBy(columns.toArray(String[]::new))
                .parquet(to);
    }

    /** Number of rows, and a sum that is the same for the same rows in any order. */
    String fingerprint(String uri) {
        Dataset<Row> table = spark.read().parquet(uri);
        Column[] columns =
                Arrays.stream(table.columns()).sorted().map(functions::col).toArray(Column[]::new);
        Row row = table.agg(
                        functions.count(functions.lit(1)),
                        functions.sum(functions.xxhash64(columns).cast("decimal(20,0)")))
                .head();
        return row.get(0) + " " + row.get(1);
    }

    /** How many files are there, and how many of them a committer should have removed. */
    String files(String uri) throws IOException {
        FileSystem files = FileSystem.get(URI.create(uri), spark.sessionState().newHadoopConf());
        RemoteIterator<LocatedFileStatus> all = files.listFiles(new Path(uri), true);
        int count = 0;
        int left = 0;
        while (all.hasNext()) {
            String path = all.next().getPath().toString();
            count++;
            left += path.contains("_temporary") || path.contains("__magic") || path.contains(".spark-staging") ? 1 : 0;
        }
        return count + " " + left;
    }
}
