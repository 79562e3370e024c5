package io.tarn.hadoop;

import java.io.IOException;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.mapreduce.OutputCommitter;
import org.apache.hadoop.mapreduce.RecordWriter;
import org.apache.hadoop.mapreduce.TaskAttemptContext;
import org.apache.hadoop.mapreduce.TaskAttemptID;
import org.apache.hadoop.mapreduce.lib.output.TextOutputFormat;
import org.apache.hadoop.mapreduce.task.TaskAttemptContextImpl;

/**
 * What other attempts of a task leave behind, which the one that is under way must outlive: Hadoop's runner in one process tries nothing twice, so they
 * go through the committer's API as such attempts do.
 */
final class EarlierAttempts {
    private static final Text WRONG = new Text("of an attempt that was not committed");

    private EarlierAttempts() {}

    static void of(TaskAttemptContext task) throws IOException, InterruptedException {
        failed(attempt(task, 7));
        finishedTooLate(attempt(task, 8));
        killed(attempt(task, 9));
    }

    private static TaskAttemptContext attempt(TaskAttemptContext task, int number) {
        return new TaskAttemptContextImpl(
                task.getConfiguration(),
                new TaskAttemptID(task.getTaskAttemptID().getTaskID(), number));
    }

    /** It wrote something, threw an exception, and was aborted. */
    private static void failed(TaskAttemptContext attempt) throws IOException, InterruptedException {
        TextOutputFormat<Text, Text> format = new TextOutputFormat<>();
        OutputCommitter committer = format.getOutputCommitter(attempt);
        write(format, attempt).close(attempt);
        committer.abortTask(attempt);
    }

    /** A speculative one: all was written, and then it was not allowed to commit, and killed. */
    private static void finishedTooLate(TaskAttemptContext attempt) throws IOException, InterruptedException {
        write(new TextOutputFormat<>(), attempt).close(attempt);
    }

    /** Its file is still open. */
    private static void killed(TaskAttemptContext attempt) throws IOException, InterruptedException {
        var unused = write(new TextOutputFormat<>(), attempt);
    }

    private static RecordWriter<Text, Text> write(TextOutputFormat<Text, Text> format, TaskAttemptContext attempt)
            throws IOException, InterruptedException {
        format.getOutputCommitter(attempt).setupTask(attempt);
        RecordWriter<Text, Text> writer = format.getRecordWriter(attempt);
        writer.write(WRONG, WRONG);
        return writer;
    }
}
