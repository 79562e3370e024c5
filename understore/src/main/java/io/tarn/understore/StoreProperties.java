package io.tarn.understore;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.v1.MountOptions;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Reads a mount's properties and credentials by type, with bounds. Credentials come first, so a secret may also be given as a property (and is then
 * shown by whoever shows properties). Values of credentials are never part of a message.
 */
public final class StoreProperties {
    private final String storeUri;
    private final Map<String, String> values = new HashMap<>();

    /**
     * @param known every property that the adapter understands
     * @param prefix keys that start so are let through; "" = none
     * @throws TarnException INVALID_ARGUMENT for an unknown key, listing the known ones
     */
    public StoreProperties(String storeUri, MountOptions options, Set<String> known, String prefix)
            throws TarnException {
        this.storeUri = storeUri;
        values.putAll(options.getPropertiesMap());
        values.putAll(options.getCredentialsMap());
        for (String key : values.keySet()) {
            if (!known.contains(key) && (prefix.isEmpty() || !key.startsWith(prefix))) {
                String all = new TreeSet<>(known) + (prefix.isEmpty() ? "" : " and " + prefix + "*");
                throw invalid("unknown property \"" + key + "\"; known are " + all);
            }
        }
    }

    /** The value of {@code key}, or null where it is absent or empty. */
    public @Nullable String text(String key) {
        String value = values.get(key);
        return value == null || value.isEmpty() ? null : value;
    }

    public String text(String key, String defaultValue) {
        String value = text(key);
        return value == null ? defaultValue : value;
    }

    /** @throws TarnException INVALID_ARGUMENT where it is absent; {@code why} says what needs it */
    public String required(String key, String why) throws TarnException {
        String value = text(key);
        if (value == null) {
            throw invalid("property \"" + key + "\" is missing: " + why);
        }
        return value;
    }

    public boolean flag(String key, boolean defaultValue) throws TarnException {
        String value = text(key);
        if (value == null) {
            return defaultValue;
        }
        return switch (value) {
            case "true" -> true;
            case "false" -> false;
            default -> throw invalid("property \"" + key + "\" is true or false, not \"" + value + "\"");
        };
    }

    public long number(String key, long defaultValue, long smallest, long largest) throws TarnException {
        String value = text(key);
        if (value == null) {
            return defaultValue;
        }
        try {
            long number = Long.parseLong(value);
            if (number >= smallest && number <= largest) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Told below, with the bounds.
        }
        throw invalid(
                "property \"" + key + "\" is a number from " + smallest + " to " + largest + ", not \"" + value + "\"");
    }

    /** All keys that start with {@code prefix}, without it. */
    public Map<String, String> withPrefix(String prefix) {
        Map<String, String> found = new HashMap<>();
        values.forEach((key, value) -> {
            if (key.startsWith(prefix)) {
                found.put(key.substring(prefix.length()), value);
            }
        });
        return found;
    }

    /** An error about the store that these properties belong to. */
    public TarnException invalid(String message) {
        return new TarnException(ErrorCode.INVALID_ARGUMENT, storeUri + ": " + message);
    }
}
