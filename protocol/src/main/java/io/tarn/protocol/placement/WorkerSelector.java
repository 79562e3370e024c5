package io.tarn.protocol.placement;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.v1.Member;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Says by their labels which workers are meant: those that match all terms. Written {@code zone=a,disk!=hdd}, or {@code any}. Immutable.
 *
 * @param terms none: all workers
 */
public record WorkerSelector(List<Term> terms) {
    /** All workers. */
    public static final WorkerSelector ANY = new WorkerSelector(List.of());

    private static final String ANY_TEXT = "any";
    private static final int MAX_TERMS = 16;

    public WorkerSelector {
        terms = List.copyOf(terms);
    }

    /**
     * That a worker has a label with this value, or, where it is not to be equal, has not: one without the label matches then, too.
     */
    public record Term(String key, String value, boolean equal) {
        boolean matches(Map<String, String> labels) {
            return value.equals(labels.get(key)) == equal;
        }

        @Override
        public String toString() {
            return key + (equal ? "=" : "!=") + value;
        }
    }

    /** @throws TarnException INVALID_ARGUMENT; says what is wrong */
    public static WorkerSelector parse(String text) throws TarnException {
        if (text.strip().equals(ANY_TEXT)) {
            return ANY;
        }
        List<Term> terms = new ArrayList<>();
        try {
            for (String term : text.split(",", -1)) {
                terms.add(term(term.strip()));
            }
        } catch (IllegalArgumentException e) {
            throw invalid(text, String.valueOf(e.getMessage()));
        }
        if (terms.size() > MAX_TERMS) {
            throw invalid(text, "there are " + terms.size() + " terms; at most " + MAX_TERMS);
        }
        return new WorkerSelector(terms);
    }

    private static Term term(String text) {
        int equals = text.indexOf('=');
        if (equals < 0) {
            throw new IllegalArgumentException("\"" + text + "\" is no term");
        }
        boolean equal = equals == 0 || text.charAt(equals - 1) != '!';
        String key = text.substring(0, equal ? equals : equals - 1).strip();
        return new Term(
                Labels.checkedKey(key),
                Labels.checkedValue(text.substring(equals + 1).strip()),
                equal);
    }

    private static TarnException invalid(String text, String why) {
        return new TarnException(
                ErrorCode.INVALID_ARGUMENT,
                "\"" + text + "\" does not say which workers: " + why
                        + "; write for instance zone=a, or zone=a,disk!=hdd, or any");
    }

    public boolean isAny() {
        return terms.isEmpty();
    }

    public boolean matches(Map<String, String> labels) {
        for (Term term : terms) {
            if (!term.matches(labels)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Who may be a home, of the workers that are up: all processes that know the same members come to the same answer. Where none matches, all count, so that reading goes on.
     */
    public List<Candidate> homes(List<Member> members) {
        List<Candidate> all = new ArrayList<>(members.size());
        List<Candidate> matching = new ArrayList<>(members.size());
        for (Member member : members) {
            if (!member.getLeaving()) {
                Candidate candidate = Candidate.of(member);
                all.add(candidate);
                if (candidate.capacityBytes() > 0 && matches(member.getAddress().getLabelsMap())) {
                    matching.add(candidate);
                }
            }
        }
        return matching.isEmpty() ? all : matching;
    }

    /** As {@link #parse} reads it. */
    @Override
    public String toString() {
        return isAny() ? ANY_TEXT : terms.stream().map(Term::toString).collect(Collectors.joining(","));
    }
}
