package io.tarn.master.simulation;

import io.tarn.master.rpc.Masters;
import io.tarn.master.state.Format;
import io.tarn.testing.simulation.Replaces;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** A defect: a leader writes the newest format whatever the other masters read. */
public final class RaisedUnasked {
    private RaisedUnasked() {}

    @Replaces(Masters.class)
    public static SortedMap<String, Integer> formats(Masters masters) {
        return new TreeMap<>(Map.of("self:1", Format.NEWEST));
    }
}
