package io.tarn.standalone.crash;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;

/**
 * Makes starts of the process cheaper: the JVM takes its classes from a cache (JEP 514) that one run of it left when it ended in peace. Such a cache is for class
 * paths of jars alone, so directories of this class path become jars. Not thread-safe.
 */
final class StartCache {
    private final Path cache;
    private final String classPath;

    /** @param directory an empty one, where the cache and the jars are kept */
    StartCache(Path directory) throws IOException {
        this.cache = directory.resolve("classes.aot");
        List<String> jars = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            Path path = Path.of(entry);
            if (!Files.isDirectory(path)) {
                jars.add(entry);
            } else {
                jars.add(jar(path, directory.resolve("classes-" + jars.size() + ".jar")));
            }
        }
        this.classPath = String.join(File.pathSeparator, jars);
    }

    private static String jar(Path classes, Path target) throws IOException {
        ToolProvider tool = ToolProvider.findFirst("jar").orElseThrow();
        int status = tool.run(
                System.out,
                System.err,
                "--create",
                "--no-compress",
                "--file",
                target.toString(),
                "-C",
                classes.toString(),
                ".");
        if (status != 0) {
            throw new IOException("no jar of " + classes);
        }
        return target.toString();
    }

    /** Options of the JVM for the run that leaves the cache. */
    List<String> leave() {
        return List.of("-cp", classPath, "-XX:AOTCacheOutput=" + cache);
    }

    /** Options of the JVM for the runs after that one; where there is no cache, they are slower, and right. */
    List<String> use() {
        return List.of("-cp", classPath, "-XX:AOTCache=" + cache);
    }
}
