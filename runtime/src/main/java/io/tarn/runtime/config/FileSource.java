package io.tarn.runtime.config;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/** Reads the settings of a properties file (UTF-8). */
final class FileSource {
    private FileSource() {}

    /** @param problems receives a line for each thing wrong with the file itself */
    static ConfigSource read(Path file, List<String> problems) {
        Map<String, String> values = new TreeMap<>();
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            new OnceProperties(file, values, problems).load(reader);
        } catch (NoSuchFileException e) {
            problems.add(file + ": no such file; give the path of an existing properties file");
        } catch (AccessDeniedException e) {
            problems.add(file + ": not readable by this user");
        } catch (IOException | IllegalArgumentException e) {
            problems.add(file + ": not a properties file in UTF-8: " + e.getMessage());
        }
        return new ConfigSource(file.toString(), values, ConfigSource.Naming.KEY);
    }

    /** Sees each key once: the last of two lines would win silently. */
    private static final class OnceProperties extends Properties {
        private static final long serialVersionUID = 1;

        private final transient Path file;
        private final transient Map<String, String> values;
        private final transient List<String> problems;

        OnceProperties(Path file, Map<String, String> values, List<String> problems) {
            this.file = file;
            this.values = values;
            this.problems = problems;
        }

        @Override
        public synchronized Object put(Object key, Object value) {
            if (values.put(key.toString(), value.toString().strip()) != null) {
                problems.add(file + ": " + key + " is set twice; keep one of the lines");
            }
            return value;
        }
    }
}
