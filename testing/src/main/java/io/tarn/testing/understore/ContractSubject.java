package io.tarn.testing.understore;

import io.tarn.understore.UnderStore;

/** What the parts of the contract are about: one store, and a second handle on the same place. */
public interface ContractSubject {
    /** The store that is tested. */
    StoreProbe probe();

    /** The same place, opened a second time: changes made here happen behind the back of {@link #probe()}. */
    StoreProbe behindTheBack();

    default UnderStore store() {
        return probe().store();
    }
}
