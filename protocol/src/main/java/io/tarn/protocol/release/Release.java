package io.tarn.protocol.release;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** The release that this code belongs to. */
public final class Release {
    private static final String VERSION = read();

    private Release() {}

    /** For instance "0.1.0". */
    public static String version() {
        return VERSION;
    }

    private static String read() {
        Properties properties = new Properties();
        try (InputStream resource = Release.class.getResourceAsStream("release.properties")) {
            if (resource == null) {
                throw new IllegalStateException("release.properties is missing from the jar; build it with Maven");
            }
            properties.load(resource);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties.getProperty("version", "unknown");
    }
}
