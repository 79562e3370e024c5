package io.tarn.standalone;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.hadoop.security.UserGroupInformation;
import org.apache.kerby.kerberos.kerb.KrbException;
import org.apache.kerby.kerberos.kerb.server.KdcConfigKey;
import org.apache.kerby.kerberos.kerb.server.SimpleKdcServer;

/**
 * A key distribution centre, and HDFS that lets in only whom it knows; authentication of blocks included. In a process of its own, since Kerberos is a matter
 * of the whole JVM. Its argument is the directory for data, key tables and client.conf, the Kerberos configuration whose tickets end soon; it says the name
 * node's port, and ends with its standard input.
 */
final class SecureHdfs {
    static final String NAME_NODE = "hdfs/localhost@TARN.TEST";
    static final String USER = "tarn@TARN.TEST";
    /** Time that a ticket is good for, so that a test sees it end. */
    static final int TICKET_SECONDS = 4;

    private SecureHdfs() {}

    public static void main(String[] arguments) throws Exception {
        Path directory = Path.of(arguments[0]);
        SimpleKdcServer centre = startCentre(directory);
        System.setProperty(
                "java.security.krb5.conf", directory.resolve("krb5.conf").toString());
        File servers = directory.resolve("servers.keytab").toFile();
        export(centre, servers, "hdfs/localhost", "HTTP/localhost");
        export(centre, directory.resolve("tarn.keytab").toFile(), "tarn");
        export(centre, directory.resolve("other.keytab").toFile(), "other");
        Configuration configuration = configuration(directory, servers);
        UserGroupInformation.setConfiguration(configuration);
        UserGroupInformation.loginUserFromKeytab(NAME_NODE, servers.toString());
        MiniDFSCluster hdfs = new MiniDFSCluster.Builder(configuration).build();
        hdfs.waitActive();
        FileSystem files = hdfs.getFileSystem();
        org.apache.hadoop.fs.Path lake = new org.apache.hadoop.fs.Path("/lake");
        files.mkdirs(lake, new FsPermission((short) 0700));
        files.setOwner(lake, "tarn", "tarn");
        System.out.println("name node: " + hdfs.getNameNodePort());
        while (System.in.read() >= 0) {}
        Runtime.getRuntime().halt(0);
    }

    private static SimpleKdcServer startCentre(Path directory) throws IOException, KrbException {
        SimpleKdcServer centre = new SimpleKdcServer();
        int port = freePort();
        centre.setWorkDir(directory.toFile());
        centre.setKdcRealm("TARN.TEST");
        centre.setKdcHost("localhost");
        centre.setKdcTcpPort(port);
        centre.setAllowTcp(true);
        centre.setAllowUdp(false);
        centre.getKdcConfig().setLong(KdcConfigKey.MINIMUM_TICKET_LIFETIME, 1L);
        centre.init(); // writes krb5.conf, for the servers
        centre.start();
        Files.writeString(directory.resolve("client.conf"), """
                [libdefaults]
                default_realm = TARN.TEST
                udp_preference_limit = 1
                dns_lookup_kdc = false
                ticket_lifetime = %ds
                [realms]
                TARN.TEST = {
                    kdc = localhost:%d
                }
                """.formatted(TICKET_SECONDS, port));
        return centre;
    }

    private static void export(SimpleKdcServer centre, File keys, String... principals) throws KrbException {
        for (String principal : principals) {
            centre.createPrincipal(principal);
            centre.exportPrincipal(principal, keys);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static Configuration configuration(Path directory, File keys) {
        Configuration configuration = new Configuration();
        configuration.set(
                MiniDFSCluster.HDFS_MINIDFS_BASEDIR, directory.resolve("hdfs").toString());
        configuration.set("hadoop.security.authentication", "kerberos");
        configuration.set("dfs.namenode.kerberos.principal", NAME_NODE);
        configuration.set("dfs.namenode.keytab.file", keys.toString());
        configuration.set("dfs.datanode.kerberos.principal", NAME_NODE);
        configuration.set("dfs.datanode.keytab.file", keys.toString());
        configuration.set("dfs.web.authentication.kerberos.principal", "HTTP/localhost@TARN.TEST");
        configuration.set("dfs.web.authentication.kerberos.keytab", keys.toString());
        configuration.setBoolean("dfs.block.access.token.enable", true);
        configuration.set("dfs.data.transfer.protection", "authentication");
        configuration.setBoolean("ignore.secure.ports.for.testing", true);
        return configuration;
    }
}
