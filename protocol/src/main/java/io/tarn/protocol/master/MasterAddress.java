package io.tarn.protocol.master;

/** Where a master listens; or several of them, which the same name stands for ({@link MasterNames}). */
public record MasterAddress(String host, int port) {
    /** Of masters, where none is said. */
    public static final int DEFAULT_PORT = 9650;

    /** Parses {@code host}, {@code host:port} or {@code [v6]:port}. @throws IllegalArgumentException with what is wrong */
    public static MasterAddress parse(String text) {
        int colon = text.lastIndexOf(':');
        boolean hasPort = colon >= 0 && colon > text.lastIndexOf(']') && text.indexOf(':') == colon
                || text.startsWith("[") && colon > text.lastIndexOf(']');
        String host = hasPort ? text.substring(0, colon) : text;
        if (host.isEmpty() || host.contains("/") || host.isBlank()) {
            throw new IllegalArgumentException("a master's address is host:port, not \"" + text + "\"");
        }
        return new MasterAddress(host, hasPort ? port(text, colon) : DEFAULT_PORT);
    }

    private static int port(String text, int colon) {
        try {
            int port = Integer.parseInt(text.substring(colon + 1));
            if (port > 0 && port < 65_536) {
                return port;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("no port number in the master's address \"" + text + "\"", e);
        }
        throw new IllegalArgumentException("a port is 1 to 65535, not as in \"" + text + "\"");
    }

    @Override
    public String toString() {
        return host + ":" + port;
    }
}
