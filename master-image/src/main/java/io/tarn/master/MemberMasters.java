package io.tarn.master;

import io.tarn.master.election.Election;
import io.tarn.master.election.Leadership;
import io.tarn.master.etcd.EtcdCheckUp;
import io.tarn.master.peer.Peers;
import io.tarn.master.rpc.Masters;
import io.tarn.master.rpc.Peer;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.v1.Finding;
import io.tarn.protocol.v1.MasterInfo;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;

/**
 * The masters that share a journal, as the one of them that leads sees them. Safe for many threads.
 *
 * @param self the leader's own part
 * @param whenOver told why the leadership is to end
 */
record MemberMasters(
        Election election,
        Leadership leadership,
        EtcdCheckUp etcd,
        Peer self,
        Peers peers,
        CompletableFuture<String> whenOver)
        implements Masters {
    @Override
    public boolean isAlone() {
        return false;
    }

    @Override
    public List<MasterInfo> infos() throws TarnException {
        List<MasterInfo> infos = new ArrayList<>(others());
        infos.add(self.info());
        infos.sort(Comparator.comparing(MasterInfo::getAddress));
        return infos;
    }

    private List<MasterInfo> others() throws TarnException {
        return peers.addresses().parallelStream().map(peers::ask).toList();
    }

    @Override
    public SortedMap<String, Integer> formats() throws TarnException {
        return election.formats();
    }

    @Override
    public List<Finding> checkUp() throws TarnException {
        List<Finding> findings = new ArrayList<>(etcd.run(leadership.revision(), leadership.age()));
        List<String> older = FormatRaising.older(formats());
        if (!older.isEmpty()) {
            findings.add(Finding.newBuilder()
                    .setCheck("releases of masters")
                    .setFound("an older one at " + String.join(", ", older))
                    .setAdvice("upgrade it: what it cannot read is not written before, and what needs that is refused")
                    .build());
        }
        return findings;
    }

    @Override
    public String nameSuccessor(String address) throws TarnException {
        MasterInfo next = others().stream()
                .filter(master -> master.getAnswers() && master.getProblem().isEmpty())
                .filter(master -> address.isEmpty() || master.getAddress().equals(address))
                .max(Comparator.comparingLong(MasterInfo::getAppliedSequence))
                .orElseThrow(() -> nobody(address));
        election.nameSuccessor(leadership, next.getAddress());
        return next.getAddress();
    }

    @Override
    public void stepDown() {
        whenOver.complete("it hands over");
    }

    private static TarnException nobody(String address) {
        return new TarnException(
                ErrorCode.INVALID_ARGUMENT,
                (address.isEmpty() ? "no other master" : address + " is no other master that")
                        + " takes part and is well; \"tarn cluster status\" lists them");
    }
}
