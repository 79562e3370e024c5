package io.tarn.master.namespace;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Groups from the files {@code passwd} and {@code group} of the master's machine, read again at most once a minute. Safe for many threads. */
public final class OperatingSystemGroups implements GroupResolver {
    private static final Logger LOG = LoggerFactory.getLogger(OperatingSystemGroups.class);
    private static final Duration MAX_AGE = Duration.ofMinutes(1);

    private final Path directory;
    private final InstantSource clock;
    private volatile Snapshot snapshot = new Snapshot(Instant.MIN, Map.of());

    private record Snapshot(Instant readAt, Map<String, List<String>> byUser) {}

    /** @param directory usually /etc */
    public OperatingSystemGroups(Path directory, InstantSource clock) {
        this.directory = directory;
        this.clock = clock;
    }

    @Override
    public List<String> groupsOf(String user) {
        Snapshot current = snapshot;
        Instant now = clock.instant();
        if (current.readAt.equals(Instant.MIN) || current.readAt.plus(MAX_AGE).isBefore(now)) {
            current = new Snapshot(now, read(current.byUser));
            snapshot = current;
        }
        return current.byUser.getOrDefault(user, List.of());
    }

    private Map<String, List<String>> read(Map<String, List<String>> before) {
        try {
            Map<String, String> groupNames = new HashMap<>();
            Map<String, List<String>> members = new HashMap<>();
            for (String line : Files.readAllLines(directory.resolve("group"))) {
                String[] fields = line.split(":", -1);
                if (fields.length >= 4) {
                    groupNames.put(fields[2], fields[0]);
                    for (String member : fields[3].split(",", -1)) {
                        members.computeIfAbsent(member, m -> new ArrayList<>()).add(fields[0]);
                    }
                }
            }
            Map<String, List<String>> byUser = new HashMap<>();
            for (String line : Files.readAllLines(directory.resolve("passwd"))) {
                String[] fields = line.split(":", -1);
                if (fields.length >= 4) {
                    List<String> groups = new ArrayList<>();
                    groups.add(groupNames.getOrDefault(fields[3], fields[0]));
                    groups.addAll(members.getOrDefault(fields[0], List.of()));
                    byUser.put(fields[0], List.copyOf(groups));
                }
            }
            return byUser;
        } catch (IOException e) {
            LOG.warn("Groups of users cannot be read from {}: {}; set master.groups", directory, e.toString());
            return before;
        }
    }
}
