package io.tarn.hadoop;

/** A mounted local directory. */
class LocalMountContractTest extends ContractSuites {
    @Override
    String directory() {
        return SharedServer.LOCAL_MOUNT + "/test";
    }
}
