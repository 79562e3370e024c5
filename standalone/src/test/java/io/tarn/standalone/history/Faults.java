package io.tarn.standalone.history;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** One or two faults at a time, and their end: processes killed and started again, paused and resumed, cut off and joined. For one thread. */
final class Faults {
    private final RealCluster cluster;
    private final Network network;
    private final Random random;
    private final List<End> ends = new ArrayList<>();
    private final List<Member> struck = new ArrayList<>();
    private final Map<String, Integer> counts = new TreeMap<>();

    /** How a fault ends. */
    private interface End {
        void run() throws IOException, InterruptedException;
    }

    Faults(RealCluster cluster, Network network, Random random) {
        this.cluster = cluster;
        this.network = network;
        this.random = random;
    }

    /** Begins some. @return what they are */
    String begin() throws IOException, InterruptedException {
        List<String> begun = new ArrayList<>();
        int wanted = 1 + random.nextInt(2);
        while (begun.size() < wanted) {
            begun.add(beginOne());
        }
        return String.join(", ", begun);
    }

    private String beginOne() throws IOException, InterruptedException {
        List<Member> kind = List.of(cluster.masters(), cluster.masters(), cluster.etcds(), cluster.workers())
                .get(random.nextInt(4));
        Member victim = kind.get(random.nextInt(kind.size()));
        if (struck.contains(victim)) {
            return "nothing more";
        }
        struck.add(victim);
        switch (random.nextInt(network.canCut() ? 4 : 2)) {
            case 0 -> {
                victim.kill();
                ends.add(victim::start);
                return count("kill", victim);
            }
            case 1 -> {
                victim.pause();
                ends.add(victim::resume);
                return count("pause", victim);
            }
            case 2 -> {
                cut(victim, cluster.etcds());
                return count("cut from etcd:", victim);
            }
            default -> {
                cut(victim, cluster.all().toList());
                return count("cut from all:", victim);
            }
        }
    }

    private void cut(Member victim, List<Member> others) throws IOException, InterruptedException {
        for (Member other : others) {
            if (other != victim && !struck.subList(0, struck.size() - 1).contains(other)) {
                network.cut(victim.host(), other.host());
                ends.add(() -> network.join(victim.host(), other.host()));
            }
        }
    }

    private String count(String what, Member victim) {
        String fault = what + " " + victim;
        counts.merge(fault.substring(0, fault.lastIndexOf('-')), 1, Integer::sum);
        return fault;
    }

    /** Ends all of them. */
    void end() throws IOException, InterruptedException {
        for (End each : ends) {
            each.run();
        }
        ends.clear();
        struck.clear();
    }

    /** How many of each kind there were. */
    Map<String, Integer> counts() {
        return counts;
    }
}
