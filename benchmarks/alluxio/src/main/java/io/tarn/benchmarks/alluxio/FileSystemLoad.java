package io.tarn.benchmarks.alluxio;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Does what it is told with one Hadoop file system, line by line, so that two of them can be measured in turn. Hadoop's settings come as system properties
 * ({@code hadoop.*}).
 *
 * <pre>
 * write BYTES                               answers: OK bytes-a-second
 * read ORDER PIECE-BYTES THREADS MILLIS     answers: OK bytes-a-second     of the file written last; ORDER is sequential or random
 * metadata THREADS FILES                    answers: OK creates opens stats renames deletes, each a second
 * small THREADS FILES BYTES                 answers: OK writes lists reads deletes, each in files a second
 * </pre>
 *
 * A command that fails is answered by {@code FAILED} and the reason. Ends with its input.
 */
public final class FileSystemLoad {
    private static final String PREFIX = "hadoop.";

    private final Configuration configuration;
    private final URI directory;

    private FileSystemLoad(Configuration configuration, URI directory) {
        this.configuration = configuration;
        this.directory = directory;
    }

    /** @param arguments the URI of a directory to work in */
    public static void main(String[] arguments) throws Exception {
        PrintStream answers = System.out;
        System.setOut(System.err);
        Configuration configuration = new Configuration();
        for (Map.Entry<Object, Object> property : System.getProperties().entrySet()) {
            String name = property.getKey().toString();
            if (name.startsWith(PREFIX)) {
                configuration.set(name.substring(PREFIX.length()), property.getValue().toString());
            }
        }
        FileSystemLoad load = new FileSystemLoad(configuration, URI.create(arguments[0]));
        answers.println("READY");
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = commands.readLine(); line != null; line = commands.readLine()) {
            answers.println(load.answer(line.split(" ")));
        }
        System.exit(0);
    }

    /** A file system of its own for each command: Alluxio's loses its connections to the worker after many reads. */
    private String answer(String[] words) {
        try (FileSystem files = FileSystem.newInstance(directory, configuration)) {
            FileReads reads = new FileReads(files, new Path(directory + "/data"));
            FileOperations operations = new FileOperations(files, new Path(directory));
            return "OK "
                    + switch (words[0]) {
                        case "write" -> reads.write(Long.parseLong(words[1]));
                        case "read" -> reads.read(
                                words[1].equals("random"), number(words[2]), number(words[3]), number(words[4]));
                        case "metadata" -> operations.metadata(number(words[1]), number(words[2]));
                        case "small" -> operations.small(number(words[1]), number(words[2]), number(words[3]));
                        default -> throw new IOException("unknown command " + words[0]);
                    };
        } catch (Exception failure) {
            failure.printStackTrace();
            return "FAILED " + String.valueOf(failure.getMessage()).replace('\n', ' ');
        }
    }

    private static int number(String word) {
        return Integer.parseInt(word);
    }
}
