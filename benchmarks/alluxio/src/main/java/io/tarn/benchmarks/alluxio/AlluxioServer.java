package io.tarn.benchmarks.alluxio;

import alluxio.cli.Format;
import alluxio.conf.Configuration;
import alluxio.conf.PropertyKey;
import alluxio.master.LocalAlluxioCluster;
import alluxio.master.journal.JournalType;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A master and a worker of Alluxio in this process, on free ports, until its input ends. All that it keeps is in the directory for temporary files
 * (java.io.tmpdir): put that on a tmpfs, and its journal costs nothing.
 */
public final class AlluxioServer {
    private AlluxioServer() {}

    /** @param arguments bytes of the worker's memory tier */
    public static void main(String[] arguments) throws Exception {
        LocalAlluxioCluster cluster = new LocalAlluxioCluster(1, false);
        cluster.initConfiguration("benchmark");
        Configuration.set(PropertyKey.MASTER_UPDATE_CHECK_ENABLED, false);
        Configuration.set(PropertyKey.MASTER_JOURNAL_TYPE, JournalType.UFS);
        Configuration.set(PropertyKey.WORKER_RAMDISK_SIZE, arguments[0]);
        PropertyKey memoryDirectories = PropertyKey.Template.WORKER_TIERED_STORE_LEVEL_DIRS_PATH.format(0);
        for (String directory : Configuration.getList(memoryDirectories)) {
            Files.createDirectories(Path.of(directory));
        }
        Format.format(Format.Mode.MASTER, Configuration.global());
        Format.format(Format.Mode.WORKER, Configuration.global());
        cluster.start();
        System.out.println("READY " + cluster.getMasterURI());
        while (System.in.read() >= 0) {
            // it serves
        }
        System.exit(0);
    }
}
