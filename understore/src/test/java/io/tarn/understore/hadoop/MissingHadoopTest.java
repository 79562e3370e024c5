package io.tarn.understore.hadoop;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.v1.MountOptions;
import io.tarn.understore.UnderStores;
import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.Arrays;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** Where Hadoop's client is not on the class path: the rest works, and a mount says what is missing. */
final class MissingHadoopTest {
    /** Runs where no class of Hadoop can be found. */
    public static final class WithoutHadoop implements Callable<String> {
        @Override
        public String call() throws Exception {
            MountOptions options = MountOptions.getDefaultInstance();
            UnderStores.load().open("/tmp", options).close();
            try {
                UnderStores.load()
                        .open("hdfs://namenode:8020/warehouse", options)
                        .close();
                return "opened";
            } catch (TarnException e) {
                return e.code() + " " + e.getMessage();
            }
        }
    }

    private static URL url(String path) {
        try {
            return new File(path).toURI().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException(path, e);
        }
    }

    @Test
    void theErrorNamesTheJars() throws Exception {
        URL[] withoutHadoop = Arrays.stream(
                        System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .filter(path -> !new File(path).getName().startsWith("hadoop-"))
                .map(MissingHadoopTest::url)
                .toArray(URL[]::new);
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        try (URLClassLoader loader = new URLClassLoader(withoutHadoop, ClassLoader.getPlatformClassLoader())) {
            Thread.currentThread().setContextClassLoader(loader);
            Callable<?> run = (Callable<?>) loader.loadClass(WithoutHadoop.class.getName())
                    .getConstructor()
                    .newInstance();
            String outcome = String.valueOf(run.call());
            assertTrue(outcome.startsWith(ErrorCode.UNSUPPORTED + " "), outcome);
            assertTrue(
                    outcome.contains("put hadoop-client-api and hadoop-client-runtime on Tarn's class path"), outcome);
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }
}
