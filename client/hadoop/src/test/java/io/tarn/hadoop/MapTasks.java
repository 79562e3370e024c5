package io.tarn.hadoop;

import java.io.IOException;
import java.util.Locale;
import org.apache.hadoop.io.LongWritable;
import org.apache.hadoop.io.NullWritable;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.mapreduce.Mapper;

/** What the map tasks of {@link WordJobs} do with a line. */
final class MapTasks {
    private MapTasks() {}

    /** A pair (word, 1) for each. */
    public static final class Words extends Mapper<LongWritable, Text, Text, LongWritable> {
        private static final LongWritable ONE = new LongWritable(1);

        @Override
        protected void map(LongWritable offset, Text line, Context context) throws IOException, InterruptedException {
            for (String word : line.toString().split(" ", -1)) {
                context.write(new Text(word), ONE);
            }
        }
    }

    /** A line in capitals for each. */
    public static final class Capitals extends Mapper<LongWritable, Text, Text, NullWritable> {
        @Override
        protected void setup(Context context) throws IOException, InterruptedException {
            EarlierAttempts.of(context);
        }

        @Override
        protected void map(LongWritable offset, Text line, Context context) throws IOException, InterruptedException {
            context.write(new Text(line.toString().toUpperCase(Locale.ROOT)), NullWritable.get());
        }
    }
}
