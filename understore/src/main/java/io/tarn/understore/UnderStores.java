package io.tarn.understore;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.v1.MountOptions;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;

/** Opens under stores by the scheme of their URI, held to their mount's limits, and rids them of what killed processes left. Safe for many threads. */
public final class UnderStores {
    private final Map<String, UnderStoreFactory> factories = new TreeMap<>();
    private final UploadLog uploads;

    /** With the adapters on the class path; what a killed process leaves in stores stays there. */
    public static UnderStores load() {
        return load(UploadLog.none());
    }

    /** With the adapters on the class path. */
    public static UnderStores load(UploadLog uploads) {
        return new UnderStores(ServiceLoader.load(UnderStoreFactory.class), uploads);
    }

    public UnderStores(Iterable<UnderStoreFactory> found) {
        this(found, UploadLog.none());
    }

    public UnderStores(Iterable<UnderStoreFactory> found, UploadLog uploads) {
        this.uploads = uploads;
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
                    "no under store for \"" + withoutSecret(storeUri)
                            + "\"; write an absolute path, or a URI of one of these schemes: "
                            + factories.keySet().stream()
                                    .filter(name -> !name.isEmpty())
                                    .toList());
        }
        rejectCredentials(scheme, storeUri);
        UnderStore store = factory.open(storeUri, options, uploads);
        StoreLimits limits = StoreLimits.of(options);
        UnderStore limited = limits.isUnlimited() ? store : new LimitedUnderStore(store, limits);
        List<UploadLog.Upload> leftovers = uploads.takeLeftovers(store.uri());
        if (!leftovers.isEmpty()) {
            // In a store of its own: this one may be closed before all is removed.
            UnderStore own = factory.open(storeUri, options, uploads);
            Thread.ofVirtual().name("tarn-leftovers").start(new LeftoverRemoval(own, uploads, leftovers));
        }
        return limited;
    }

    private static String withoutSecret(String storeUri) {
        return storeUri.replaceFirst("//[^/]*@", "//");
    }

    /** A URI is shown by listings and logs, so it holds no secret. A name before "@" alone is part of some addresses (abfs). */
    private static void rejectCredentials(String scheme, String storeUri) throws TarnException {
        if (!storeUri.startsWith("://", scheme.length())) {
            return;
        }
        int authority = scheme.length() + "://".length();
        int slash = storeUri.indexOf('/', authority);
        int at = storeUri.substring(0, slash < 0 ? storeUri.length() : slash).lastIndexOf('@');
        if (at >= 0 && storeUri.substring(authority, at).indexOf(':') >= 0) {
            throw new TarnException(
                    ErrorCode.INVALID_ARGUMENT,
                    "a store URI holds no password: give it as one of the mount's credentials");
        }
    }
}
