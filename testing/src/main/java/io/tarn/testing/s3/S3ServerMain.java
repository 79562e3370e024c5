package io.tarn.testing.s3;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;

/**
 * The S3 server as a process of its own, so that a test can kill it and a benchmark can tell its processor time apart. When it serves it prints one
 * line, {@code READY <S3 endpoint> <control endpoint>}; {@link S3Process} starts it and talks to it. Runs until killed, or until its standard input
 * ends, which is when the process that started it is gone.
 */
public final class S3ServerMain {
    private static final Set<String> OPTIONS =
            Set.of("directory", "port", "access-key", "secret-key", "delay-millis", "bandwidth", "record-ranges");

    private S3ServerMain() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        if (arguments.length == 0 || List.of(arguments).contains("--help")) {
            System.out.println("""
                    Usage: S3ServerMain --directory DIR [--port N] [--access-key K --secret-key K]
                               [--delay-millis MS] [--bandwidth BYTES_PER_SECOND] [--record-ranges true]""");
            return;
        }
        EmbeddedS3 s3 = EmbeddedS3.start(settings(options(arguments)));
        S3ControlServer control = S3ControlServer.start(s3);
        Runtime.getRuntime().addShutdownHook(new Thread(control::close, "s3-stop"));
        System.out.println("READY " + s3.endpoint() + " " + control.endpoint());
        awaitEndOfInput();
        control.close();
        s3.close();
    }

    private static void awaitEndOfInput() throws IOException, InterruptedException {
        if (System.console() != null && System.console().isTerminal()) {
            new CountDownLatch(1).await();
        }
        while (System.in.read() >= 0) {
            // what is typed means nothing; only the end does
        }
    }

    private static Map<String, String> options(String[] arguments) {
        Map<String, String> options = new HashMap<>();
        if (arguments.length % 2 != 0) {
            throw new IllegalArgumentException("each option needs a value: " + Arrays.toString(arguments));
        }
        for (int index = 0; index < arguments.length; index += 2) {
            String name = arguments[index].replaceFirst("^--", "");
            if (!OPTIONS.contains(name)) {
                throw new IllegalArgumentException("unknown option " + arguments[index] + ", see --help");
            }
            options.put(name, arguments[index + 1]);
        }
        return options;
    }

    private static S3Settings settings(Map<String, String> options) {
        String directory = options.get("directory");
        if (directory == null) {
            throw new IllegalArgumentException("--directory is missing, see --help");
        }
        S3Settings defaults = S3Settings.inDirectory(Path.of(directory));
        return new S3Settings(
                defaults.directory(),
                Integer.parseInt(options.getOrDefault("port", "0")),
                options.getOrDefault("access-key", defaults.accessKey()),
                options.getOrDefault("secret-key", defaults.secretKey()),
                Long.parseLong(options.getOrDefault("delay-millis", "0")),
                Long.parseLong(options.getOrDefault("bandwidth", "0")),
                Boolean.parseBoolean(options.getOrDefault("record-ranges", "false")));
    }
}
