package io.tarn.understore.hadoop;

import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What the storage systems behind Hadoop file systems can do.
 *
 * @param jar the jar that brings it, beside hadoop-client-api and hadoop-client-runtime; "" = those two are enough
 * @param fileSystem whether it is a real file system: renames are atomic, owner and mode are kept
 */
record HadoopScheme(String jar, boolean fileSystem) {
    private static final Map<String, HadoopScheme> KNOWN = Map.ofEntries(
            Map.entry("hdfs", new HadoopScheme("", true)),
            Map.entry("webhdfs", new HadoopScheme("", true)),
            Map.entry("swebhdfs", new HadoopScheme("", true)),
            Map.entry("viewfs", new HadoopScheme("", true)),
            Map.entry("o3fs", new HadoopScheme("ozone-filesystem-hadoop3", true)),
            Map.entry("ofs", new HadoopScheme("ozone-filesystem-hadoop3", true)),
            Map.entry("abfs", new HadoopScheme("hadoop-azure", true)),
            Map.entry("abfss", new HadoopScheme("hadoop-azure", true)),
            Map.entry("ceph", new HadoopScheme("cephfs-hadoop", true)),
            Map.entry("oss", new HadoopScheme("hadoop-aliyun", false)),
            Map.entry("swift", new HadoopScheme("hadoop-openstack", false)),
            Map.entry("swift2d", new HadoopScheme("stocator", false)),
            Map.entry("cosn", new HadoopScheme("hadoop-cos", false)),
            Map.entry("obs", new HadoopScheme("hadoop-huaweicloud", false)),
            Map.entry("tos", new HadoopScheme("hadoop-tos", false)),
            Map.entry("gs", new HadoopScheme("gcs-connector", false)));
    /** Any other scheme, such as {@code file} where a test opens it. */
    private static final HadoopScheme OTHER = new HadoopScheme("", true);

    static Set<String> names() {
        return KNOWN.keySet();
    }

    static HadoopScheme of(String storeUri) {
        int colon = Math.max(0, storeUri.indexOf(':'));
        return KNOWN.getOrDefault(storeUri.substring(0, colon).toLowerCase(Locale.ROOT), OTHER);
    }

    /** What to do where classes of this scheme are missing. */
    String missing() {
        return "its classes are missing: put hadoop-client-api and hadoop-client-runtime"
                + (jar.isEmpty() ? "" : ", and " + jar + " with what that needs,") + " on Tarn's class path";
    }
}
