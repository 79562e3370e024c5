package io.tarn.protocol.master;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The names under which masters are configured. One that has several addresses, as that of a headless service, stands for a master at each. Immutable.
 */
public final class MasterNames {
    /** Where addresses come from. */
    interface Resolver {
        InetAddress[] addresses(String host) throws UnknownHostException;
    }

    private final List<MasterAddress> names;
    private final Resolver resolver;

    public MasterNames(List<MasterAddress> names) {
        this(names, InetAddress::getAllByName);
    }

    MasterNames(List<MasterAddress> names, Resolver resolver) {
        this.names = List.copyOf(names);
        this.resolver = resolver;
    }

    /** The masters that they stand for now, at least one. Waits for DNS; a name that it does not know stands for itself. */
    public List<MasterAddress> lookUp() {
        List<MasterAddress> found = new ArrayList<>();
        names.forEach(name -> found.addAll(lookUp(name)));
        return found.stream().distinct().toList();
    }

    /** A machine may have an address of each family: those of one are enough. */
    private List<MasterAddress> lookUp(MasterAddress name) {
        InetAddress[] all;
        try {
            all = resolver.addresses(name.host());
        } catch (UnknownHostException e) {
            return List.of(name);
        }
        List<InetAddress> ofOneFamily = Stream.of(all)
                .filter(address -> address.getClass() == all[0].getClass())
                .toList();
        return ofOneFamily.size() < 2
                ? List.of(name)
                : ofOneFamily.stream()
                        .map(address -> new MasterAddress(text(address), name.port()))
                        .toList();
    }

    private static String text(InetAddress address) {
        String text = address.getHostAddress();
        return text.contains(":") ? "[" + text + "]" : text;
    }
}
