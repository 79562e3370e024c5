package io.tarn.understore.hadoop;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.v1.MountOptions;
import io.tarn.understore.StoreProperties;
import io.tarn.understore.UnderStore;
import io.tarn.understore.UnderStoreFactory;
import io.tarn.understore.UploadLog;
import java.util.Set;

/**
 * Opens {@code hdfs://namenode:8020/directory} and the other schemes of Hadoop file systems. Properties {@code hadoop.*} are Hadoop's own settings,
 * without that prefix. Loads no class of Hadoop before {@link #open}.
 */
public final class HadoopStoreFactory implements UnderStoreFactory {
    /** User name for a store without Kerberos. */
    static final String USER = "user";

    static final String PRINCIPAL = "kerberos-principal";
    /** Path of the key table on every node. */
    static final String KEYTAB = "kerberos-keytab";
    /** Files such as hdfs-site.xml, comma-separated. */
    static final String CONFIGURATION_FILES = "configuration-files";
    /** Settings of Hadoop. */
    static final String HADOOP = "hadoop.";

    private static final Set<String> KEYS = Set.of(USER, PRINCIPAL, KEYTAB, CONFIGURATION_FILES);

    @Override
    public Set<String> schemes() {
        return HadoopScheme.names();
    }

    @Override
    public UnderStore open(String storeUri, MountOptions options) throws TarnException {
        return open(storeUri, options, UploadLog.none());
    }

    @Override
    public UnderStore open(String storeUri, MountOptions options, UploadLog uploads) throws TarnException {
        StoreProperties properties = new StoreProperties(storeUri, options, KEYS, HADOOP);
        try {
            return HadoopStore.open(storeUri, properties, uploads);
        } catch (LinkageError e) {
            throw new TarnException(
                    ErrorCode.UNSUPPORTED,
                    storeUri + ": " + HadoopScheme.of(storeUri).missing(),
                    e);
        }
    }
}
