package io.tarn.hadoop;

/** Data that only the cache holds. */
class OwnedDirectoryContractTest extends ContractSuites {
    @Override
    String directory() {
        return "/owned";
    }
}
