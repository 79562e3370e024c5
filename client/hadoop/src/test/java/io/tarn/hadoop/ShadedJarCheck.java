package io.tarn.hadoop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Checks the jar that is shipped; run once it is packaged. */
class ShadedJarCheck {
    private static final Path JAR =
            Path.of(Optional.ofNullable(System.getProperty("tarn.shaded.jar")).orElseThrow());

    @Test
    void holdsNothingUnderOtherPeoplesNames() throws IOException {
        try (JarFile jar = new JarFile(JAR.toFile())) {
            List<String> foreign = jar.stream()
                    .filter(entry -> !entry.isDirectory())
                    .map(JarEntry::getName)
                    .filter(name -> !name.startsWith("io/tarn/hadoop/")
                            && !name.startsWith("io/tarn/shaded/")
                            && !name.startsWith("META-INF/services/io.tarn.shaded.")
                            && !name.startsWith("META-INF/native/libio_tarn_shaded_netty"))
                    .sorted()
                    .toList();
            assertEquals(
                    List.of(
                            "META-INF/LICENSE",
                            "META-INF/MANIFEST.MF",
                            "META-INF/NOTICE",
                            "META-INF/services/org.apache.hadoop.fs.FileSystem"),
                    foreign);
        }
    }

    @Test
    void loadsItsNativeLibraryBesideAnotherNettyAndCalls() throws IOException, InterruptedException {
        String output = runProbe();
        assertTrue(output.contains("epoll of another Netty: true"), output);
        assertTrue(output.contains("epoll of the shaded Netty: true"), output);
        assertTrue(output.contains(JAR.getFileName().toString()), output);
        assertTrue(output.contains("no Tarn master answers at 127.0.0.1:1"), output);
    }

    /** The shaded jar, Hadoop's, those of another Netty and slf4j, and the probe. */
    private static String classPath() {
        String all = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        String others = Arrays.stream(all.split(File.pathSeparator))
                .filter(entry -> entry.contains("hadoop-client-")
                        || entry.contains("netty-")
                        || entry.contains("slf4j-api")
                        || entry.endsWith("test-classes"))
                .filter(entry -> !entry.contains("grpc"))
                .collect(Collectors.joining(File.pathSeparator));
        return JAR + File.pathSeparator + others;
    }

    private static String runProbe() throws IOException, InterruptedException {
        Process probe = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        classPath(),
                        ShadedProbe.class.getName(),
                        "io.tarn.shaded.io.netty")
                .redirectErrorStream(true)
                .start();
        String output = new String(probe.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, probe.waitFor(), output);
        return output;
    }
}
