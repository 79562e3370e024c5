package io.tarn.hadoop;

/** A mounted bucket of an S3 server. */
class BucketMountContractTest extends ContractSuites {
    @Override
    String directory() {
        return SharedServer.BUCKET_MOUNT + "/test";
    }
}
