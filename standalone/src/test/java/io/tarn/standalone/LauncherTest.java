package io.tarn.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The scripts in {@code bin}, in a tree of their own, with a {@code java} that tells how it was called. */
class LauncherTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({
        "-o json standalone, standalone",
        "--master host:1 --user standalone fs ls, cli",
        "--output=json standalone, standalone",
        "-v fs ls, cli",
        "--help, standalone"
    })
    void theModuleIsTheSubcommandsWhereverOptionsStand(String arguments, String module) throws Exception {
        Run run = run("tarn", arguments.split(" "));
        assertEquals(0, run.status(), run.text());
        assertTrue(run.text().contains("/" + module + "/target/tarn-" + module + "-1.jar"), run.text());
        assertTrue(run.text().contains("io.tarn.cli.Tarn " + arguments), run.text());
    }

    @Test
    void aJdkThatIsTooOldIsNamed() throws Exception {
        Run run = run("check-jdk", "99");
        assertEquals(1, run.status());
        assertTrue(run.text().contains("Tarn needs JDK 99") && run.text().contains("set JAVA_HOME"), run.text());
        assertTrue(run.text().contains("25.0.1 in " + directory.resolve("jdk")), run.text());
    }

    private record Run(int status, String text) {}

    private Run run(String script, String... arguments) throws IOException, InterruptedException {
        Path bin = Files.createDirectories(directory.resolve("bin"));
        for (String name : List.of("tarn", "check-jdk")) {
            Path source = ConfigurationReferenceTest.root().resolve("bin").resolve(name);
            Files.copy(source, bin.resolve(name));
        }
        for (String module : List.of("cli", "standalone")) {
            Files.createDirectories(directory.resolve(module + "/target/lib"));
            Files.createFile(directory.resolve(module + "/target").resolve("tarn-" + module + "-1.jar"));
        }
        Path jdk = Files.createDirectories(directory.resolve("jdk/bin"));
        Files.writeString(jdk.resolveSibling("release"), "JAVA_VERSION=\"25.0.1\"\n");
        for (String program : List.of("java", "javac")) {
            Files.writeString(jdk.resolve(program), "#!/bin/sh\necho \"$@\"\n");
            Files.setPosixFilePermissions(jdk.resolve(program), PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        List<String> command =
                new java.util.ArrayList<>(List.of(bin.resolve(script).toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", directory.resolve("jdk").toString());
        Process process = builder.start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Run(process.waitFor(), text);
    }
}
