package io.tarn.client.internal.master;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** The name of the machine that this process runs on, by which the master may know a worker there. Safe for many threads. */
final class OwnHost {
    /** Asked for once: that may take a look at a name service. */
    private static final String NAME = find();

    private OwnHost() {}

    /** "" where the machine does not know. */
    static String name() {
        return NAME;
    }

    private static String find() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "";
        }
    }
}
