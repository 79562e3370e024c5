package io.tarn.master.membership;

import io.tarn.protocol.v1.Member;
import java.util.List;

/**
 * The workers that are up, as all workers are told. The version counts changes of one leader's view, and a worker registers anew with each leader, so
 * another version is all that it need look for.
 */
public record MembershipView(long version, List<Member> members) {
    static final MembershipView EMPTY = new MembershipView(1, List.of());

    public MembershipView {
        members = List.copyOf(members);
    }

    /** This view where nothing has changed, else the next one. */
    MembershipView with(List<Member> seen) {
        return seen.equals(members) ? this : new MembershipView(version + 1, seen);
    }
}
