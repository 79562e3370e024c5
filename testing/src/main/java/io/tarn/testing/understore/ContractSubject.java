package io.tarn.testing.understore;

import io.tarn.understore.UnderStore;
import java.util.Set;

/** What the parts of the contract are about: one store, and a second handle on the same place. */
public interface ContractSubject {
    /** The store that is tested. */
    StoreProbe probe();

    /** The same place, opened a second time: changes made here happen behind the back of {@link #probe()}. */
    StoreProbe behindTheBack();

    /** What the server behind the store is known to get wrong; every entry narrows a test, none skips one. */
    default Set<ServerFlaw> flaws() {
        return Set.of();
    }

    /** How many entries the store gives at once, where that is few enough to test what happens beyond it. */
    default int pageEntries() {
        return 250;
    }

    default UnderStore store() {
        return probe().store();
    }
}
