package io.tarn.hadoop;

import java.io.IOException;
import java.net.URI;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Runs in a JVM of its own with the shaded jar and another Netty: loads both native libraries and makes a call. */
final class ShadedProbe {
    private ShadedProbe() {}

    public static void main(String[] arguments) throws Exception {
        System.out.println("epoll of another Netty: " + isAvailable("io.netty.channel.epoll.Epoll"));
        System.out.println("epoll of the shaded Netty: " + isAvailable(arguments[0] + ".channel.epoll.Epoll"));
        Configuration configuration = new Configuration();
        configuration.set(TarnSettings.DEADLINE, "3s");
        try (FileSystem files = FileSystem.newInstance(URI.create("tarn://127.0.0.1:1/"), configuration)) {
            System.out.println("from "
                    + files.getClass().getProtectionDomain().getCodeSource().getLocation());
            files.getFileStatus(new Path("/"));
        } catch (IOException e) {
            System.out.println("call: " + e.getMessage());
        }
    }

    private static boolean isAvailable(String epoll) throws ReflectiveOperationException {
        return (boolean) Class.forName(epoll).getMethod("isAvailable").invoke(null);
    }
}
