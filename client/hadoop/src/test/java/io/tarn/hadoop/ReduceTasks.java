package io.tarn.hadoop;

import java.io.IOException;
import org.apache.hadoop.io.LongWritable;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.mapreduce.Reducer;

/** What the reduce tasks of {@link WordJobs} do with the counts of a word. */
final class ReduceTasks {
    private ReduceTasks() {}

    /** Adds up. */
    public static class Sum extends Reducer<Text, LongWritable, Text, LongWritable> {
        @Override
        protected void reduce(Text word, Iterable<LongWritable> counts, Context context)
                throws IOException, InterruptedException {
            long sum = 0;
            for (LongWritable count : counts) {
                sum += count.get();
            }
            context.write(word, new LongWritable(sum));
        }
    }

    /** The same as a task, not as a combiner. */
    public static final class SumOfTask extends Sum {
        @Override
        protected void setup(Context context) throws IOException, InterruptedException {
            EarlierAttempts.of(context);
        }
    }
}
