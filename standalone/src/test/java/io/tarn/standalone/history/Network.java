package io.tarn.standalone.history;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A network of its own for the processes of a cluster: a network namespace for each, joined by a bridge, to which this process has a link too. The bridge has a
 * namespace of its own, since a Docker engine's firewall drops what goes over any bridge beside it. Where this process may not make such (it needs the rights of root and
 * the program {@code ip}), all are on the loopback address, and nothing can be cut. For one thread.
 */
public final class Network implements AutoCloseable {
    private static final String BRIDGE = "bridge";
    private static final int GATEWAY = 1;
    private static final int FIRST_HOST = 10;
    private static final int NETWORKS = 200;

    private final boolean separate;
    private final int number = (int) (ProcessHandle.current().pid() % NETWORKS);
    private final String name = "tarn-h" + number;
    private final String middle = name + "-bridge";
    private final List<String> namespaces = new ArrayList<>();

    private Network(boolean separate) {
        this.separate = separate;
    }

    public static Network create() throws IOException, InterruptedException {
        Network network = new Network(true);
        network.remove();
        if (network.begin()) {
            return network;
        }
        network.remove();
        return new Network(false);
    }

    private boolean begin() throws InterruptedException {
        return tryIp("netns", "add", middle)
                && tryIp("-n", middle, "link", "add", BRIDGE, "type", "bridge")
                && tryIp("-n", middle, "link", "set", BRIDGE, "up")
                && tryIp("link", "add", name, "type", "veth", "peer", "name", port(GATEWAY), "netns", middle)
                && tryIp("-n", middle, "link", "set", port(GATEWAY), "master", BRIDGE, "up")
                && tryIp("addr", "add", address(GATEWAY) + "/24", "dev", name)
                && tryIp("link", "set", name, "up");
    }

    /** Whether processes can be cut off from each other. */
    boolean canCut() {
        return separate;
    }

    private static String port(int host) {
        return "port" + host;
    }

    private String address(int host) {
        return "10.231." + number + "." + host;
    }

    /** A place for one more process. */
    Host add() throws IOException, InterruptedException {
        if (!separate) {
            return new Host("127.0.0.1", List.of());
        }
        int host = FIRST_HOST + namespaces.size();
        String namespace = name + "-" + host;
        namespaces.add(namespace);
        ip("netns", "add", namespace);
        ip("-n", middle, "link", "add", port(host), "type", "veth", "peer", "name", "eth0", "netns", namespace);
        ip("-n", middle, "link", "set", port(host), "master", BRIDGE, "up");
        ip("-n", namespace, "addr", "add", address(host) + "/24", "dev", "eth0");
        ip("-n", namespace, "link", "set", "eth0", "up");
        ip("-n", namespace, "link", "set", "lo", "up");
        return new Host(address(host), List.of("ip", "netns", "exec", namespace));
    }

    /**
     * One process's place.
     *
     * @param command what comes before a command that is to run there
     */
    record Host(String address, List<String> command) {
        private String namespace() {
            return command.getLast();
        }
    }

    /** What one sends to the other is lost from now on, both ways. */
    void cut(Host one, Host other) throws IOException, InterruptedException {
        ip("-n", one.namespace(), "route", "add", "blackhole", other.address() + "/32");
        ip("-n", other.namespace(), "route", "add", "blackhole", one.address() + "/32");
    }

    void join(Host one, Host other) throws IOException, InterruptedException {
        ip("-n", one.namespace(), "route", "del", "blackhole", other.address() + "/32");
        ip("-n", other.namespace(), "route", "del", "blackhole", one.address() + "/32");
    }

    private void ip(String... arguments) throws IOException, InterruptedException {
        if (!tryIp(arguments)) {
            throw new IOException("ip " + String.join(" ", arguments) + " failed");
        }
    }

    private boolean tryIp(String... arguments) throws InterruptedException {
        List<String> command = new ArrayList<>(List.of("ip"));
        command.addAll(List.of(arguments));
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** Whatever is there of an earlier one. */
    private void remove() throws InterruptedException {
        for (String namespace : namespaces) {
            tryIp("netns", "del", namespace);
        }
        namespaces.clear();
        tryIp("link", "del", name);
        tryIp("netns", "del", middle);
    }

    @Override
    public void close() throws InterruptedException {
        if (separate) {
            remove();
        }
    }
}
