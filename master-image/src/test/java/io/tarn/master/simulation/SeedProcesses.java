package io.tarn.master.simulation;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Runs seeds in as many processes as there are processors: two simulations in one would meet in the locks of libraries. For one thread.
 */
final class SeedProcesses {
    private static final int PROCESSES = Runtime.getRuntime().availableProcessors();
    private static final String FIGURE = "figure ";

    private SeedProcesses() {}

    /**
     * What came of some seeds.
     *
     * @param figures summed up
     * @param said what the processes said about seeds that failed; empty where none did
     */
    record Outcome(Map<String, Long> figures, String said) {
        boolean isSound() {
            return said.isEmpty();
        }
    }

    static Outcome run(long first, long count) throws IOException, InterruptedException {
        List<Process> processes = new ArrayList<>();
        for (int i = 0; i < PROCESSES; i++) {
            processes.add(start(first + i, first + count));
        }
        Map<String, Long> figures = new TreeMap<>();
        StringBuilder said = new StringBuilder();
        for (Process process : processes) {
            try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    if (line.startsWith(FIGURE)) {
                        int space = line.lastIndexOf(' ');
                        figures.merge(
                                line.substring(FIGURE.length(), space),
                                Long.parseLong(line.substring(space + 1)),
                                Long::sum);
                    } else {
                        said.append(line).append('\n');
                    }
                }
            }
            if (process.waitFor() != 0 && said.isEmpty()) {
                said.append("a process ended with status ").append(process.exitValue());
            }
        }
        return new Outcome(figures, said.toString());
    }

    private static Process start(long first, long end) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                System.getProperty("java.home") + File.separator + "bin" + File.separator + "java",
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "-Djdk.trackAllThreads=false",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                SeedProcesses.class.getName(),
                Long.toString(first),
                Long.toString(end),
                Integer.toString(PROCESSES)));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** One of the processes. */
    public static void main(String[] arguments) throws ReflectiveOperationException {
        Seeds.Outcome outcome = new Seeds()
                .run(Long.parseLong(arguments[0]), Long.parseLong(arguments[1]), Long.parseLong(arguments[2]));
        outcome.figures().forEach((what, number) -> System.out.println(FIGURE + what + " " + number));
        outcome.failures().forEach((seed, failure) -> {
            System.out.println("seed " + seed + " failed:");
            failure.printStackTrace(System.out);
        });
        System.exit(0);
    }
}
