package io.tarn.benchmarks.quickstart;

import io.tarn.benchmarks.process.AskedProgram;
import io.tarn.benchmarks.process.Progress;
import io.tarn.testing.s3.S3Counts;
import io.tarn.testing.s3.S3Process;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Runs passes, reading the S3 server's counters before and after each step. Not thread-safe. */
final class PassRunner {
    private final AskedProgram spark;
    private final S3Process s3;
    private final List<Integer> queries;
    private final Progress progress;

    PassRunner(AskedProgram spark, S3Process s3, List<Integer> queries, Progress progress) {
        this.spark = spark;
        this.s3 = s3;
        this.queries = queries;
        this.progress = progress;
    }

    Pass run(String name, String baseUri) throws IOException {
        progress.say("queries " + queries + " on " + name);
        List<Pass.Step> steps = new ArrayList<>();
        steps.add(step("open tables", "open " + baseUri));
        for (int query : queries) {
            steps.add(step("Q" + query, "query " + query));
        }
        return new Pass(name, List.copyOf(steps));
    }

    private Pass.Step step(String name, String command) throws IOException {
        S3Counts before = s3.counts();
        List<String> answer = spark.ask(command);
        S3Counts served = s3.counts().since(before);
        long rows = answer.size() > 1 ? Long.parseLong(answer.get(1)) : 0;
        String hash = answer.size() > 2 ? answer.get(2) : "";
        return new Pass.Step(name, Long.parseLong(answer.getFirst()), rows, hash, served);
    }
}
