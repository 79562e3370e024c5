package io.tarn.master.etcd;

import io.tarn.protocol.error.TarnException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Upkeep of an etcd that is Tarn's own: forgets what keys were before, and gives back the disk that this frees, one member at a time, etcd's leader last, since a member
 * answers nothing meanwhile. What fails is tried again the next time. For one thread at a time.
 */
public final class EtcdMaintenance {
    private static final Logger LOG = LoggerFactory.getLogger(EtcdMaintenance.class);
    private static final long LONGEST_SECONDS = 60;

    private final EtcdConnection etcd;

    public EtcdMaintenance(EtcdConnection etcd) {
        this.etcd = etcd;
    }

    /** @param revision up to which nobody needs to know what keys were */
    public void run(long revision) {
        if (!etcd.config().maintain()) {
            return;
        }
        try {
            etcd.await(etcd.client().getKVClient().compact(revision), "compact etcd");
            // All have to answer: with one away, the others must not pause.
            for (EtcdStatus member : EtcdStatus.worthDefragmenting(EtcdStatus.ofAll(etcd))) {
                defragment(member);
            }
        } catch (TarnException e) {
            LOG.warn("etcd is not maintained now: {}", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void defragment(EtcdStatus member) throws InterruptedException {
        try {
            etcd.client()
                    .getMaintenanceClient()
                    .defragmentMember(member.endpoint())
                    .get(LONGEST_SECONDS, TimeUnit.SECONDS);
            LOG.info("etcd at {} has given back {} bytes", member.endpoint(), member.freeBytes());
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("etcd at {} gives no disk back now: {}", member.endpoint(), e.toString());
        }
    }
}
