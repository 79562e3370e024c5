package io.tarn.worker.page.eviction;

import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;

/**
 * The pages of one directory, in queues for each share of the cache, and whose turn it is to lose one. As long as no mount has a quota there is one share, and
 * this is {@link S3Fifo} alone; else an eviction looks at each share once. Thread-safe.
 */
public final class ShareQueues {
    private static final int NO_RANK = Integer.MAX_VALUE;

    private final Residents residents;

    /** That of what has no quota comes first. */
    private volatile Queued[] all;

    private record Queued(CacheShare share, S3Fifo queues) {}

    /** @param common the share of what has no quota */
    public ShareQueues(Residents residents, CacheShare common) {
        this.residents = residents;
        this.all = new Queued[] {new Queued(common, new S3Fifo(residents))};
    }

    public S3Fifo of(CacheShare share) {
        for (Queued queued : all) {
            if (queued.share == share) {
                return queued.queues;
            }
        }
        return add(share);
    }

    private synchronized S3Fifo add(CacheShare share) {
        for (Queued queued : all) {
            if (queued.share == share) {
                return queued.queues;
            }
        }
        Queued[] more = Arrays.copyOf(all, all.length + 1);
        Queued added = new Queued(share, new S3Fifo(residents));
        more[all.length] = added;
        all = more;
        return added.queues;
    }

    /** Evicts one page of a share that has more than its guarantee. @return its bytes, or -1 where nothing can be evicted now */
    public int evictExcess() {
        return evictOne(0, CacheShare.WITHIN_GUARANTEE);
    }

    /** Evicts one page of a share that has no more than its guarantee. @return its bytes, or -1 where nothing can be evicted now */
    public int evictGuaranteed() {
        return evictOne(CacheShare.WITHIN_GUARANTEE, NO_RANK);
    }

    private int evictOne(int fromRank, int belowRank) {
        Queued[] candidates = all;
        long[] weights = new long[candidates.length];
        int rank = weigh(candidates, fromRank, belowRank, weights);
        while (rank != NO_RANK) {
            int loser = draw(weights);
            while (loser >= 0) {
                int bytes = candidates[loser].queues.evictOne();
                if (bytes >= 0) {
                    return bytes;
                }
                weights[loser] = 0;
                loser = draw(weights);
            }
            rank = weigh(candidates, rank + 1, belowRank, weights);
        }
        return -1;
    }

    /**
     * Gives a weight to the shares of the lowest rank within bounds, the more the more they have, and 0 to the others: what nobody reads any more shrinks, and
     * what is read comes back.
     *
     * @return that rank
     */
    private static int weigh(Queued[] candidates, int fromRank, int belowRank, long[] weights) {
        int lowest = NO_RANK;
        for (int i = 0; i < candidates.length; i++) {
            CacheShare share = candidates[i].share;
            int rank = share.rank();
            boolean within = rank >= fromRank && rank < belowRank;
            if (within && rank < lowest) {
                lowest = rank;
                Arrays.fill(weights, 0, i, 0);
            }
            weights[i] = within && rank == lowest ? Math.max(1, share.excessBytes()) : 0;
        }
        return lowest;
    }

    /** One by weight; -1 where none has any. */
    private static int draw(long[] weights) {
        long sum = 0;
        int only = -1;
        for (int i = 0; i < weights.length; i++) {
            sum += weights[i];
            only = weights[i] > 0 && weights[i] == sum ? i : only;
        }
        if (sum == 0 || weights[only] == sum) {
            return only;
        }
        long drawn = ThreadLocalRandom.current().nextLong(sum);
        int index = 0;
        while (drawn >= weights[index]) {
            drawn -= weights[index];
            index++;
        }
        return index;
    }

    /** Forgets the queues of shares that there are no more, where they are empty. */
    public synchronized void forgetUnless(Predicate<CacheShare> known) {
        all = Arrays.stream(all)
                .filter(queued -> known.test(queued.share) || queued.queues.pages() > 0)
                .toArray(Queued[]::new);
    }
}
