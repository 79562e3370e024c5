package io.tarn.hadoop;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.LongWritable;
import org.apache.hadoop.io.NullWritable;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.mapreduce.Job;
import org.apache.hadoop.mapreduce.lib.input.FileInputFormat;
import org.apache.hadoop.mapreduce.lib.output.FileOutputFormat;

/** Jobs over lines of words; each task that writes output has earlier attempts that came to nothing. */
final class WordJobs {
    private WordJobs() {}

    /** Counts words: a line "word, tab, count" for each. */
    static Job count(Configuration configuration, Path input, Path output, int reduces) throws IOException {
        Job job = job(configuration, input, output);
        job.setMapperClass(MapTasks.Words.class);
        job.setCombinerClass(ReduceTasks.Sum.class);
        job.setReducerClass(ReduceTasks.SumOfTask.class);
        job.setNumReduceTasks(reduces);
        job.setOutputKeyClass(Text.class);
        job.setOutputValueClass(LongWritable.class);
        return job;
    }

    /** Writes each line in capitals, by map tasks alone. */
    static Job capitals(Configuration configuration, Path input, Path output) throws IOException {
        Job job = job(configuration, input, output);
        job.setMapperClass(MapTasks.Capitals.class);
        job.setNumReduceTasks(0);
        job.setOutputKeyClass(Text.class);
        job.setOutputValueClass(NullWritable.class);
        return job;
    }

    private static Job job(Configuration configuration, Path input, Path output) throws IOException {
        Job job = Job.getInstance(configuration);
        FileInputFormat.addInputPath(job, input);
        FileOutputFormat.setOutputPath(job, output);
        job.setOutputFormatClass(MeteredOutput.class);
        return job;
    }
}
