package io.tarn.understore;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.v1.MountOptions;
import java.util.Locale;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;

/** Opens under stores by the scheme of their URI. */
public final class UnderStores {
    private final Map<String, UnderStoreFactory> factories = new TreeMap<>();

    /** With the adapters on the class path. */
    public static UnderStores load() {
        return new UnderStores(ServiceLoader.load(UnderStoreFactory.class));
    }

    public UnderStores(Iterable<UnderStoreFactory> found) {
        for (UnderStoreFactory factory : found) {
            factory.schemes().forEach(scheme -> factories.put(scheme, factory));
        }
    }

    /** @throws TarnException INVALID_ARGUMENT for an unknown scheme, and what {@link UnderStoreFactory#open} throws */
    public UnderStore open(String storeUri, MountOptions options) throws TarnException {
        int colon = storeUri.startsWith("/") ? -1 : storeUri.indexOf(':');
        String scheme = colon < 0 ? "" : storeUri.substring(0, colon).toLowerCase(Locale.ROOT);
        UnderStoreFactory factory = factories.get(scheme);
        if (factory == null) {
            throw new TarnException(
                    ErrorCode.INVALID_ARGUMENT,
                    "no under store for \"" + storeUri + "\"; a store URI starts with one of " + factories.keySet());
        }
        return factory.open(storeUri, options);
    }
}
