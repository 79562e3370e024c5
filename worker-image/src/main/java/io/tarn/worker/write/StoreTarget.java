package io.tarn.worker.write;

import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.v1.Backing;
import io.tarn.understore.CreateOptions;
import io.tarn.understore.StoreStatus;
import io.tarn.understore.StoreWriter;
import io.tarn.worker.store.MountedStores;
import io.tarn.worker.store.StoreUse;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Writes a file into its under store. */
final class StoreTarget implements WriteTarget {
    private final StoreUse use;
    private final StoreWriter writer;
    private boolean ended;

    StoreTarget(MountedStores stores, Backing backing) throws TarnException {
        use = stores.use(backing.getMountId());
        StoreWriter opened = null;
        try {
            opened = use.store().create(backing.getPath(), CreateOptions.REPLACE);
        } finally {
            if (opened == null) {
                use.close();
            }
        }
        writer = opened;
    }

    @Override
    public void append(ByteBuffer bytes, int crc32c) throws TarnException {
        writer.write(bytes);
    }

    @Override
    public StoreStatus commit(long lengthBytes, @Nullable StoreStatus stored) throws TarnException {
        StoreStatus status = writer.commit();
        ended = true;
        writer.close();
        use.close();
        return status;
    }

    @Override
    public void abort() {
        if (!ended) {
            ended = true;
            try {
                writer.abort();
                writer.close();
            } finally {
                use.close();
            }
        }
    }
}
