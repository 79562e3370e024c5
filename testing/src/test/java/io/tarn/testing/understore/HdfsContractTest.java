package io.tarn.testing.understore;

import io.tarn.protocol.v1.MountOptions;
import io.tarn.understore.UnderStore;
import io.tarn.understore.UnderStores;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The contract on HDFS: a name node and a data node with real sockets. */
final class HdfsContractTest extends UnderStoreContract {
    @TempDir
    private static Path directory;

    private static MiniDFSCluster cluster;

    @BeforeAll
    static void start() throws IOException {
        Configuration configuration = new Configuration();
        configuration.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, directory.toString());
        configuration.setInt("dfs.ls.limit", 40);
        cluster = new MiniDFSCluster.Builder(configuration).numDataNodes(1).build();
        cluster.waitActive();
    }

    @AfterAll
    static void stop() {
        cluster.shutdown();
    }

    @Override
    public int pageEntries() {
        return 40;
    }

    @Override
    protected UnderStore open(String place) throws Exception {
        UnderStore store = UnderStores.load()
                .open("hdfs://localhost:" + cluster.getNameNodePort() + "/" + place, MountOptions.getDefaultInstance());
        store.createDirectory("");
        return store;
    }
}
