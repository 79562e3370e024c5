package io.tarn.cli.mount;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** Gathers the secrets of a mount. None of them is ever printed, not in an error either. */
final class Credentials {
    private static final String PREFIX = "TARN_CREDENTIAL_";

    private Credentials() {}

    /** From the environment, then a file, then the command line; the later wins. */
    static Map<String, String> gather(
            Map<String, String> environment, @Nullable Path file, Map<String, String> fromCommandLine)
            throws IOException {
        Map<String, String> credentials = new HashMap<>();
        environment.forEach((name, value) -> {
            if (name.startsWith(PREFIX)) {
                String key =
                        name.substring(PREFIX.length()).toLowerCase(Locale.ROOT).replace('_', '-');
                credentials.put(key, value);
            }
        });
        if (file != null) {
            credentials.putAll(read(file));
        }
        credentials.putAll(fromCommandLine);
        return Map.copyOf(credentials);
    }

    private static Map<String, String> read(Path file) throws IOException {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            properties.load(reader);
        } catch (IllegalArgumentException e) {
            throw new TarnException(
                    ErrorCode.INVALID_ARGUMENT,
                    "credentials file " + file + " is no properties file; write a line key=value for each");
        }
        Map<String, String> values = new HashMap<>();
        properties
                .stringPropertyNames()
                .forEach(name -> values.put(name, properties.getProperty(name).strip()));
        return values;
    }
}
