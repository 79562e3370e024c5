package io.tarn.master;

import io.tarn.master.rpc.Masters;
import io.tarn.master.state.Format;
import io.tarn.master.state.StateStore;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.release.Release;
import io.tarn.protocol.v1.Finding;
import io.tarn.protocol.v1.MasterInfo;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** A master that is alone. Safe for many threads. */
record LoneMaster(StateStore store) implements Masters {
    private static final String ADDRESS = "localhost";

    @Override
    public boolean isAlone() {
        return true;
    }

    @Override
    public List<MasterInfo> infos() {
        return List.of(MasterInfo.newBuilder()
                .setAddress(ADDRESS)
                .setLeads(true)
                .setAnswers(true)
                .setAppliedSequence(store.appliedSequence())
                .setDurableSequence(store.durableSequence())
                .setVersion(Release.version())
                .build());
    }

    @Override
    public SortedMap<String, Integer> formats() {
        return new TreeMap<>(Map.of(ADDRESS, Format.NEWEST));
    }

    @Override
    public List<Finding> checkUp() {
        return List.of();
    }

    @Override
    public String nameSuccessor(String address) throws TarnException {
        throw new TarnException(
                ErrorCode.UNSUPPORTED,
                "this master is alone, with its journal on its own disk: several need one in etcd (master.etcd.endpoints)");
    }

    @Override
    public void stepDown() {
        throw new IllegalStateException("nobody could lead instead");
    }
}
