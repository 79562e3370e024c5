package io.tarn.benchmarks.quickstart;

import io.tarn.benchmarks.process.Installation;
import io.tarn.testing.s3.S3Process;
import java.io.IOException;
import java.io.PrintStream;
import java.util.concurrent.CountDownLatch;

/** What can be done with a quickstart that is left running. */
record KeptRunning(Installation installation, S3Process s3, RunningTarn tarn, String mount) {

    /** Prints commands that work now, then waits until the process is interrupted. */
    void explainAndWait(PrintStream out) throws IOException, InterruptedException {
        String uri = tarn.uri(mount);
        String masters = "fs.tarn.masters=" + tarn.mastersList();
        String jar = installation.shadedClient().toString();
        String table = uri + "/lineitem";
        out.printf(
                """

                Everything is still running; Ctrl-C stops it and removes its data. Try in another terminal:

                  bin/tarn --master %1$s fs ls %2$s
                  bin/tarn --master %1$s fs stat %2$s/lineitem
                  bin/tarn --master %1$s info
                  curl -s %3$s/metrics | grep tarn_worker_read

                  spark-shell --jars %4$s --conf spark.hadoop.%10$s
                    scala> spark.read.parquet("%5$s").groupBy("l_returnflag").count.show

                  HADOOP_CLASSPATH=%4$s hadoop fs -D %10$s -ls %6$s

                S3 is at %7$s (path style, access key %8$s, secret key %9$s).
                """,
                tarn.mastersList(),
                mount,
                tarn.workersHttp().getFirst(),
                jar,
                table,
                uri,
                s3.endpoint(),
                s3.accessKey(),
                s3.secretKey(),
                masters);
        new CountDownLatch(1).await();
    }
}
