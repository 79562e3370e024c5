package io.tarn.master.state;

import java.nio.file.Path;

class InMemoryStateStoreTest extends StateStoreContract {
    @Override
    protected StateStore open() {
        return new InMemoryStateStore();
    }

    @Override
    protected StateStore crash(StateStore store) {
        return ((InMemoryStateStore) store).crash();
    }

    @Override
    protected StateStore restore(Path checkpoint) throws Exception {
        return InMemoryStateStore.restore(checkpoint);
    }
}
