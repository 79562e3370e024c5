package io.tarn.benchmarks.process;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where the built parts of Tarn are. Immutable.
 *
 * @param root the source tree, built
 * @param java17Home the JDK that Spark runs on
 */
public record Installation(Path root, Path java17Home) {

    /** As told by the system properties that bin/quickstart sets. */
    public static Installation fromSystemProperties() {
        return new Installation(path("tarn.root"), path("tarn.java17"));
    }

    private static Path path(String property) {
        String value = System.getProperty(property);
        if (value == null) {
            throw new IllegalStateException(
                    "system property " + property + " is missing: start this by bin/quickstart");
        }
        return Path.of(value);
    }

    public Path java17() {
        return java17Home.resolve("bin/java");
    }

    public Path tarnCommand() {
        return root.resolve("bin/tarn");
    }

    /** Spark, hadoop-aws and the queries, and of Tarn the shaded client jar alone. */
    public String sparkClassPath() throws IOException {
        return classPathOf("benchmarks/spark");
    }

    /** Alluxio, a program of work for Hadoop file systems, and of Tarn the shaded client jar alone. */
    public String alluxioClassPath() throws IOException {
        return classPathOf("benchmarks/alluxio");
    }

    private String classPathOf(String name) throws IOException {
        Path module = root.resolve(name);
        String libraries =
                Files.readString(module.resolve("target/classpath.txt")).strip();
        return String.join(
                File.pathSeparator,
                List.of(
                        module.resolve("target/classes").toString(),
                        libraries,
                        shadedClient().toString()));
    }

    /** The jar that users put on the class path of Spark and Hadoop. */
    public Path shadedClient() throws IOException {
        Path target = root.resolve("client/hadoop/target");
        try (Stream<Path> files = Files.list(target)) {
            return files.filter(file -> isShadedClient(file.getFileName().toString()))
                    .findFirst()
                    .orElseThrow(
                            () -> new IOException("no client jar in " + target + ": run bin/quickstart to build it"));
        }
    }

    private static boolean isShadedClient(String name) {
        return name.startsWith("tarn-client-hadoop-")
                && name.endsWith(".jar")
                && !name.endsWith("-sources.jar")
                && !name.endsWith("-tests.jar");
    }
}
