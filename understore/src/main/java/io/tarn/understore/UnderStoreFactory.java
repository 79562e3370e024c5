package io.tarn.understore;

import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.v1.MountOptions;
import java.util.Set;

/** Makes under stores of some URI schemes; found by {@link java.util.ServiceLoader}. */
public interface UnderStoreFactory {
    /** For instance "s3" and "s3a". */
    Set<String> schemes();

    /**
     * Opens a store without touching it.
     *
     * @throws TarnException INVALID_ARGUMENT for a URI or property that cannot be meant; unknown properties are errors that list the known ones
     */
    UnderStore open(String storeUri, MountOptions options) throws TarnException;

    /**
     * As the other, for stores in which a killed process can leave something.
     *
     * @param uploads where it is noted, under the store's {@link UnderStore#uri}
     */
    default UnderStore open(String storeUri, MountOptions options, UploadLog uploads) throws TarnException {
        return open(storeUri, options);
    }
}
