package io.tarn.master.namespace;

import io.tarn.master.record.Overlay;
import io.tarn.protocol.error.TarnException;
import io.tarn.understore.StoreAttributes;
import io.tarn.understore.StoreStatus;
import io.tarn.understore.UnderStore;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a store made of the owner and mode of a new entry. Immutable.
 *
 * @param overlay what of them it does not keep
 * @param status what it shows of the entry now; null where it keeps no such thing and was not asked, or holds no such entry any more
 */
record KeptCreator(Overlay overlay, @Nullable StoreStatus status) {
    /** Gives a new entry of a store its owner and mode. Asks the store only where it can keep them. */
    static KeptCreator of(UnderStore store, String place, String owner, String group, int mode) throws TarnException {
        if (!store.capabilities().keepsOwnerAndMode()) {
            return new KeptCreator(Overlay.ofCreator(owner, group, mode), null);
        }
        store.setAttributes(place, new StoreAttributes(owner, group, mode, null));
        StoreStatus status = store.status(place).orElse(null);
        if (status == null) {
            return new KeptCreator(Overlay.NONE, null);
        }
        Overlay overlay = new Overlay(
                owner.equals(status.owner()) ? null : owner,
                group.equals(status.group()) ? null : group,
                status.mode() == mode ? null : (long) mode,
                null,
                null,
                Map.of());
        return new KeptCreator(overlay, status);
    }
}
