package io.tarn.hadoop;

import io.tarn.client.ClientOptions;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.DelegateToFileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;

/** {@code tarn://} for {@code FileContext}; set {@code fs.AbstractFileSystem.tarn.impl} to this class. Thread-safe. */
public class Tarn extends DelegateToFileSystem {
    /** Called by Hadoop. */
    public Tarn(URI uri, Configuration configuration) throws IOException, URISyntaxException {
        super(uri, new TarnFileSystem(), configuration, TarnFileSystem.SCHEME, true);
    }

    @Override
    public int getUriDefaultPort() {
        return ClientOptions.DEFAULT_MASTER_PORT;
    }

    @Override
    public void renameInternal(Path source, Path target, boolean overwrite) throws IOException {
        ((TarnFileSystem) fsImpl).rename(source, target, overwrite ? Options.Rename.OVERWRITE : Options.Rename.NONE);
    }
}
