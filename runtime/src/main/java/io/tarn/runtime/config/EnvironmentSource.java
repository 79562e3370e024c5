package io.tarn.runtime.config;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Picks the settings out of a process's environment. */
final class EnvironmentSource {
    static final String PREFIX = "TARN_";

    /** Read by scripts and by the command, so no settings of a server. */
    private static final Set<String> RESERVED =
            Set.of("TARN_HOME", "TARN_MASTER", "TARN_USER", "TARN_TOOLS", "TARN_JAVA_OPTIONS", "TARN_VERBOSE");

    /** Secrets that "tarn mount" takes from its environment, and what only tests read. */
    private static final List<String> OTHER_PREFIXES =
            List.of("TARN_CREDENTIAL_", "TARN_E2E_", "TARN_TEST_", "TARN_STORES_");

    /** What a kubelet adds for each Service, also for one that is named "tarn": TARN_PORT=tcp://10.0.0.1:9651, TARN_WORKER_SERVICE_HOST=10.0.0.1. */
    private static final Pattern SERVICE_LINK = Pattern.compile(
            "TARN_([A-Z0-9_]+_)?(SERVICE_HOST|SERVICE_PORT(_[A-Z0-9_]+)?|PORT_\\d+_(TCP|UDP)(_(PROTO|PORT|ADDR))?)");

    private static final Pattern SERVICE_ADDRESS = Pattern.compile("(tcp|udp)://.*");

    private EnvironmentSource() {}

    static ConfigSource of(Map<String, String> environment) {
        Map<String, String> values = new TreeMap<>();
        environment.forEach((name, value) -> {
            boolean isOther = RESERVED.contains(name) || OTHER_PREFIXES.stream().anyMatch(name::startsWith);
            if (name.startsWith(PREFIX) && !isOther && !isServiceLink(name, value)) {
                values.put(name, value);
            }
        });
        return new ConfigSource("environment", values, ConfigSource.Naming.VARIABLE);
    }

    static String variableOf(String key) {
        return PREFIX + key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }

    private static boolean isServiceLink(String name, String value) {
        return SERVICE_LINK.matcher(name).matches()
                || SERVICE_ADDRESS.matcher(value).matches();
    }
}
