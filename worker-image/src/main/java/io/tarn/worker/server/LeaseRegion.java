package io.tarn.worker.server;

import io.netty.channel.DefaultFileRegion;
import io.tarn.worker.page.CachedFile.PageLease;

/** A leased page on its way to the socket without passing through this process; the lease ends when it has been sent or dropped. */
final class LeaseRegion extends DefaultFileRegion {
    private final PageLease lease;

    LeaseRegion(PageLease lease) {
        super(lease.channel(), lease.position(), lease.length());
        this.lease = lease;
    }

    /** The channel belongs to the page store, so it stays open. */
    @Override
    protected void deallocate() {
        lease.close();
    }
}
