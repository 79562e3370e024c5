package io.tarn.hadoop;

import io.tarn.testing.s3.S3Counters;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.mapreduce.JobContext;
import org.apache.hadoop.mapreduce.OutputCommitter;
import org.apache.hadoop.mapreduce.TaskAttemptContext;
import org.apache.hadoop.mapreduce.lib.output.FileOutputCommitter;
import org.apache.hadoop.mapreduce.lib.output.TextOutputFormat;

/**
 * Text, committed by Hadoop's own FileOutputCommitter, with a count of the requests that an S3 server gets while tasks and jobs are committed. Hadoop makes the
 * instances, so the counts are the class's: for one test at a time.
 */
public final class MeteredOutput<K, V> extends TextOutputFormat<K, V> {
    private static final AtomicReference<S3Counters> S3 = new AtomicReference<>();
    private static final AtomicLong REQUESTS = new AtomicLong();
    private static final AtomicInteger COMMITS = new AtomicInteger();

    /** Counts from zero, requests to this server. */
    static void watch(S3Counters s3) {
        S3.set(s3);
        REQUESTS.set(0);
        COMMITS.set(0);
    }

    /** Requests that came while something was committed. */
    static long requests() {
        return REQUESTS.get();
    }

    /** How many tasks and jobs were committed. */
    static int commits() {
        return COMMITS.get();
    }

    @Override
    public synchronized OutputCommitter getOutputCommitter(TaskAttemptContext context) throws IOException {
        return new Committer(getOutputPath(context), context);
    }

    private interface Step {
        void run() throws IOException;
    }

    private static void counted(Step step) throws IOException {
        long before = S3.get().snapshot().requests();
        step.run();
        REQUESTS.addAndGet(S3.get().snapshot().requests() - before);
        COMMITS.incrementAndGet();
    }

    private static final class Committer extends FileOutputCommitter {
        Committer(Path output, TaskAttemptContext context) throws IOException {
            super(output, context);
        }

        @Override
        public void commitTask(TaskAttemptContext context) throws IOException {
            counted(() -> super.commitTask(context));
        }

        @Override
        public void commitJob(JobContext context) throws IOException {
            counted(() -> super.commitJob(context));
        }
    }
}
