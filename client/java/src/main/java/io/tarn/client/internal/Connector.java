package io.tarn.client.internal;

import io.tarn.client.ClientOptions;
import io.tarn.client.TarnClient;

/** Makes the client's parts and puts them together. */
public final class Connector {
    private Connector() {}

    public static TarnClient connect(ClientOptions options) {
        throw new UnsupportedOperationException("connect to " + options.masters());
    }
}
