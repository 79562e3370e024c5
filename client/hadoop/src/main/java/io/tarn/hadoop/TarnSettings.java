package io.tarn.hadoop;

import io.tarn.client.ClientOptions;
import io.tarn.client.ReadType;
import io.tarn.client.WritePolicy;
import io.tarn.client.WriteType;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;

/**
 * The settings of {@code tarn://} file systems. A key below {@code fs.tarn.} that is not listed here is an error.
 *
 * @param client how to reach the cluster
 * @param readType what reads leave in the cache
 * @param writeType where written data is when a file is closed
 */
record TarnSettings(ClientOptions client, ReadType readType, WriteType writeType) {
    static final String PREFIX = "fs.tarn.";

    /** More masters than the one in the URI: host:port, separated by commas. Default: none. */
    static final String MASTERS = "fs.tarn.masters";
    /** Who the user is. Default: Hadoop's user. */
    static final String USER = "fs.tarn.user";
    /** How long a call is retried, as a duration ("30s"). Default: 60s. */
    static final String DEADLINE = "fs.tarn.deadline";
    /** CACHE_PROMOTE, CACHE or NO_CACHE. Default: CACHE_PROMOTE. */
    static final String READ_TYPE = "fs.tarn.read.type";
    /** How long nothing may come of a read until another worker is asked for what it has cached, as a duration; 0: none is asked. Default: 200ms. */
    static final String HEDGE_AFTER = "fs.tarn.read.hedge-after";
    /** DEFAULT, MUST_CACHE, CACHE_THROUGH, THROUGH or ASYNC_THROUGH. Default: DEFAULT, the mount decides. */
    static final String WRITE_TYPE = "fs.tarn.write.type";
    /** Which worker new files are written to: local-first, most-available-first, round-robin or specific-host:HOST. Default: local-first. */
    static final String WRITE_POLICY = "fs.tarn.write.policy";
    /** Read through the local worker's Unix socket. Default: true. */
    static final String LOCAL_SOCKET = "fs.tarn.local.socket";
    /** Read files that the local worker holds whole through their descriptors. Default: true. */
    static final String LOCAL_DESCRIPTORS = "fs.tarn.local.descriptors";

    private static final Set<String> KEYS = new TreeSet<>(Set.of(
            MASTERS,
            USER,
            DEADLINE,
            READ_TYPE,
            HEDGE_AFTER,
            WRITE_TYPE,
            WRITE_POLICY,
            LOCAL_SOCKET,
            LOCAL_DESCRIPTORS));
    /** Hadoop's own, which begin the same way. */
    private static final Set<String> HADOOP_KEYS = Set.of("fs.tarn.impl", "fs.tarn.impl.disable.cache");

    /**
     * Reads the settings for a file system.
     *
     * @param hadoopUser the user where none is configured
     * @throws IllegalArgumentException for an unknown key or a value that makes no sense; says which
     */
    static TarnSettings of(URI uri, Configuration configuration, String hadoopUser) {
        refuseUnknown(configuration);
        List<String> masters = masters(uri, configuration);
        Duration deadline = Duration.ofMillis(configuration.getTimeDuration(DEADLINE, 60_000, TimeUnit.MILLISECONDS));
        if (deadline.isNegative() || deadline.isZero()) {
            throw new IllegalArgumentException(DEADLINE + " must be longer than nothing");
        }
        Duration hedgeAfter = Duration.ofMillis(configuration.getTimeDuration(
                HEDGE_AFTER, ClientOptions.DEFAULT_HEDGE_AFTER.toMillis(), TimeUnit.MILLISECONDS));
        if (hedgeAfter.isNegative()) {
            throw new IllegalArgumentException(HEDGE_AFTER + " must not be negative; 0 turns it off");
        }
        ClientOptions client = new ClientOptions(
                masters,
                configuration.getTrimmed(USER, hadoopUser),
                deadline,
                configuration.getBoolean(LOCAL_SOCKET, true),
                configuration.getBoolean(LOCAL_DESCRIPTORS, true),
                hedgeAfter,
                writePolicy(configuration));
        return new TarnSettings(
                client,
                choice(configuration, READ_TYPE, ReadType.CACHE_PROMOTE, ReadType.values()),
                writeType(configuration, WRITE_TYPE));
    }

    private static void refuseUnknown(Configuration configuration) {
        Map<String, String> given = new TreeMap<>(configuration.getPropsWithPrefix(PREFIX));
        for (String name : given.keySet()) {
            String key = PREFIX + name;
            if (!KEYS.contains(key) && !HADOOP_KEYS.contains(key)) {
                throw new IllegalArgumentException("unknown setting " + key + "; there are " + String.join(", ", KEYS));
            }
        }
    }

    private static List<String> masters(URI uri, Configuration configuration) {
        Set<String> masters = new LinkedHashSet<>();
        if (uri.getAuthority() != null) {
            if (uri.getHost() == null) {
                throw new IllegalArgumentException(
                        "\"" + uri.getAuthority() + "\" is no address of a master; write tarn://host:port/");
            }
            masters.add(uri.getHost() + ":" + (uri.getPort() < 0 ? ClientOptions.DEFAULT_MASTER_PORT : uri.getPort()));
        }
        masters.addAll(Arrays.asList(configuration.getTrimmedStrings(MASTERS)));
        if (masters.isEmpty()) {
            throw new IllegalArgumentException("no master: write tarn://host:port/ or set " + MASTERS);
        }
        return List.copyOf(masters);
    }

    private static WritePolicy writePolicy(Configuration configuration) {
        String text = configuration.getTrimmed(WRITE_POLICY, WritePolicy.LOCAL_FIRST.toString());
        try {
            return WritePolicy.parse(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(WRITE_POLICY + ": " + e.getMessage(), e);
        }
    }

    /** The write type that a key names. */
    static WriteType writeType(Configuration configuration, String key) {
        return choice(configuration, key, WriteType.DEFAULT, WriteType.values());
    }

    private static <E extends Enum<E>> E choice(Configuration configuration, String key, E otherwise, E[] choices) {
        String text = configuration.getTrimmed(key, otherwise.name()).toUpperCase(Locale.ROOT);
        for (E choice : choices) {
            if (choice.name().equals(text)) {
                return choice;
            }
        }
        throw new IllegalArgumentException(key + " is one of " + Arrays.toString(choices) + ", not " + text);
    }
}
