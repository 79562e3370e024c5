package io.tarn.benchmarks.spark;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;

/** Writes the eight TPC-H tables as Parquet, each as a directory under one base URI. Uses the session of the thread that calls. */
final class TpchGenerator {
    static final List<String> TABLES =
            List.of("region", "nation", "supplier", "customer", "part", "partsupp", "orders", "lineitem");

    private static final int PARTS_OF_LARGE_TABLES = 8;

    private final SparkSession spark;

    TpchGenerator(SparkSession spark) {
        this.spark = spark;
    }

    void write(String table, String baseUri, double scale) {
        int parts = parts(table);
        List<Integer> numbers = new ArrayList<>();
        for (int part = 1; part <= parts; part++) {
            numbers.add(part);
        }
        JavaRDD<Row> rows = JavaSparkContext.fromSparkContext(spark.sparkContext())
                .parallelize(numbers, parts)
                .flatMap(part -> TpchRows.of(table).part(scale, part, parts));
        spark.createDataFrame(rows, TpchRows.of(table).schema())
                .write()
                .mode(SaveMode.Overwrite)
                .parquet(baseUri + "/" + table);
    }

    private static int parts(String table) {
        return switch (table) {
            case "lineitem", "orders" -> PARTS_OF_LARGE_TABLES;
            case "region", "nation", "supplier" -> 1;
            default -> 2;
        };
    }
}
