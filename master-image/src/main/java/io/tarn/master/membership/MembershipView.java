package io.tarn.master.membership;

import io.tarn.protocol.placement.Candidate;
import io.tarn.protocol.placement.PlacementKey;
import io.tarn.protocol.placement.Rendezvous;
import io.tarn.protocol.v1.Member;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The workers that are up, as all workers are told. The version counts changes of one leader's view, and a worker registers anew with each leader, so
 * another version is all that it need look for. Immutable.
 */
public record MembershipView(long version, List<Member> members) {
    static final MembershipView EMPTY = new MembershipView(1, List.of());

    public MembershipView {
        members = List.copyOf(members);
    }

    /** The key's home first; those without capacity, which keep nothing but pass on what they are asked for, come last. */
    List<Member> ranked(PlacementKey key) {
        Map<Long, Member> byId = new LinkedHashMap<>();
        members.forEach(member -> byId.put(member.getAddress().getWorkerId(), member));
        List<Member> ranked = new ArrayList<>(members.size());
        for (long id : Rendezvous.rank(key, members.stream().map(Candidate::of).toList())) {
            ranked.add(byId.remove(id));
        }
        ranked.addAll(byId.values());
        return ranked;
    }

    /** This view where nothing has changed, else the next one. */
    MembershipView with(List<Member> seen) {
        return seen.equals(members) ? this : new MembershipView(version + 1, seen);
    }
}
