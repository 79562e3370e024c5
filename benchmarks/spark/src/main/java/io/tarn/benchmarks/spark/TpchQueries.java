package io.tarn.benchmarks.spark;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Runs TPC-H queries on the tables under one base URI. Uses the session of the thread that calls. */
final class TpchQueries {
    private static final int HASH_CHARACTERS = 12;

    private final SparkSession spark;

    TpchQueries(SparkSession spark) {
        this.spark = spark;
    }

    /** Makes the tables under {@code baseUri} the ones that queries read; lists them and reads a footer of each. */
    void open(String baseUri) {
        for (String table : TpchGenerator.TABLES) {
            spark.read().parquet(baseUri + "/" + table).createOrReplaceTempView(table);
        }
    }

    /** The rows of query {@code number}, whose text is the resource q{number}.sql. */
    List<Row> run(int number) throws IOException {
        return spark.sql(text(number)).collectAsList();
    }

    /** Equal for equal sets of rows, whatever their order: queries leave the order of ties open. */
    static String hash(List<Row> rows) {
        List<String> lines = rows.stream().map(Row::toString).sorted().toList();
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String line : lines) {
                digest.update((line + "\n").getBytes(StandardCharsets.UTF_8));
            }
            return HexFormat.of().formatHex(digest.digest()).substring(0, HASH_CHARACTERS);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }

    private static String text(int number) throws IOException {
        String name = String.format(Locale.ROOT, "q%d.sql", number);
        try (InputStream in = TpchQueries.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException("TPC-H query " + number + " is not among those that come with the quickstart");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
