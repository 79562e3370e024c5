package io.tarn.benchmarks.spark;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;

/**
 * A Spark application that does what it is told, line by line, and answers each command by one line; so that whoever drives it can read counters of
 * other processes between two queries. Settings of Spark and Hadoop come as system properties ({@code spark.*}).
 *
 * <pre>
 * generate URI SCALE TABLE   answers: OK milliseconds
 * open URI                   answers: OK milliseconds
 * query NUMBER               answers: OK milliseconds rows hash
 * set KEY VALUE              answers: OK milliseconds
 * copy FROM TO MODE COLUMNS  answers: OK milliseconds                   MODE is Overwrite or Append; COLUMNS are separated by commas
 * fingerprint URI            answers: OK milliseconds rows sum
 * files URI                  answers: OK milliseconds files left-over-files
 * </pre>
 *
 * A command that fails is answered by {@code FAILED} and the reason. Ends with its input.
 */
public final class SparkMain {
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final TpchGenerator generator;
    private final TpchQueries queries;
    private final Tables tables;
    private final SparkSession spark;

    private SparkMain(SparkSession spark) {
        generator = new TpchGenerator(spark);
        queries = new TpchQueries(spark);
        tables = new Tables(spark);
        this.spark = spark;
    }

    public static void main(String[] arguments) throws IOException {
        PrintStream answers = System.out;
        System.setOut(System.err);
        try (SparkSession spark = SparkSession.builder()
                .appName("tarn-quickstart")
                .config("spark.sql.datetime.java8API.enabled", "true")
                .getOrCreate()) {
            SparkMain program = new SparkMain(spark);
            answers.println("READY");
            BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String line = commands.readLine(); line != null; line = commands.readLine()) {
                answers.println(program.answer(line.split(" ", -1)));
            }
        }
    }

    private String answer(String[] command) {
        long start = System.nanoTime();
        try {
            String result = execute(command);
            return "OK " + (System.nanoTime() - start) / NANOS_PER_MILLI + result;
        } catch (IOException | RuntimeException failure) {
            failure.printStackTrace();
            return "FAILED " + String.valueOf(failure.getMessage()).replace('\n', ' ');
        }
    }

    private String execute(String[] command) throws IOException {
        switch (command[0]) {
            case "generate" -> generator.write(command[3], command[1], Double.parseDouble(command[2]));
            case "open" -> queries.open(command[1]);
            case "query" -> {
                List<Row> rows = queries.run(Integer.parseInt(command[1]));
                return " " + rows.size() + " " + TpchQueries.hash(rows);
            }
            case "set" -> spark.conf().set(command[1], command[2]);
            case "copy" ->
                tables.copy(command[1], command[2], SaveMode.valueOf(command[3]), List.of(command[4].split(",")));
            case "fingerprint" -> {
                return " " + tables.fingerprint(command[1]);
            }
            case "files" -> {
                return " " + tables.files(command[1]);
            }
            default -> throw new IOException("unknown command " + command[0]);
        }
        return "";
    }
}
