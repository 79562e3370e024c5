package io.tarn.master.simulation;

import io.etcd.jetcd.Txn;
import io.etcd.jetcd.op.Cmp;
import io.tarn.testing.simulation.Replaces;
import java.util.Arrays;

/** A defect: batches are appended without comparing who leads. */
public final class NoFence {
    private static final int CONDITIONS_OF_AN_APPEND = 3;

    private NoFence() {}

    @Replaces(Txn.class)
    public static Txn If(Txn transaction, Cmp[] conditions) {
        return conditions.length == CONDITIONS_OF_AN_APPEND
                ? transaction.If(Arrays.copyOfRange(conditions, 1, conditions.length))
                : transaction.If(conditions);
    }
}
