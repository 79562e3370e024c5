package io.tarn.understore.hadoop;

import io.tarn.protocol.error.TarnException;
import io.tarn.understore.StoreProperties;
import java.io.IOException;
import java.lang.reflect.UndeclaredThrowableException;
import java.net.URI;
import java.security.PrivilegedExceptionAction;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.security.UserGroupInformation;
import org.jspecify.annotations.Nullable;

/**
 * One mount's connection: its own configuration, its own user, and its own instance of the file system, made at the first call.
 *
 * <p>Kerberos is switched on for the whole process by the first mount that uses it (Hadoop keeps that in a static field); mounts without it go on
 * with simple authentication. Safe for use by many threads.
 */
final class HadoopSession implements AutoCloseable {
    private final URI root;
    private final Configuration configuration;
    private final HadoopErrors errors;
    private final @Nullable String user;
    private final @Nullable String principal;
    private final @Nullable String keytab;
    private @Nullable UserGroupInformation identity;
    private @Nullable FileSystem fileSystem;

    /** Something to do with the file system. */
    interface Action<T> {
        T run(FileSystem fileSystem) throws IOException;
    }

    HadoopSession(URI root, StoreProperties properties, HadoopErrors errors) throws TarnException {
        this.root = root;
        this.errors = errors;
        this.user = properties.text(HadoopStoreFactory.USER);
        this.principal = properties.text(HadoopStoreFactory.PRINCIPAL);
        this.keytab = principal == null
                ? null
                : properties.required(HadoopStoreFactory.KEYTAB, "a Kerberos login needs a key table");
        this.configuration = configuration(properties);
        if (principal != null) {
            configuration.set("hadoop.security.authentication", "kerberos");
        }
    }

    private static Configuration configuration(StoreProperties properties) {
        Configuration configuration = new Configuration();
        for (String file :
                properties.text(HadoopStoreFactory.CONFIGURATION_FILES, "").split(",", -1)) {
            if (!file.isBlank()) {
                configuration.addResource(new Path(URI.create("file://" + file.strip())));
            }
        }
        // Hadoop's own defaults try a dead server for a quarter of an hour.
        configuration.set("ipc.client.connect.max.retries", "3");
        configuration.set("ipc.client.connect.max.retries.on.timeouts", "2");
        configuration.set("ipc.client.connect.timeout", "10000");
        properties.withPrefix(HadoopStoreFactory.HADOOP).forEach(configuration::set);
        return configuration;
    }

    /** Runs {@code action} as the mount's user. */
    <T> T call(String path, Action<T> action) throws TarnException {
        try {
            UserGroupInformation caller = identity();
            return caller.doAs((PrivilegedExceptionAction<T>) () -> action.run(fileSystem()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw errors.failure(path, new IOException("interrupted", e));
        } catch (UndeclaredThrowableException e) {
            Throwable cause = e.getCause();
            throw errors.failure(path, cause == null ? e : cause);
        } catch (IOException | IllegalArgumentException e) {
            throw errors.failure(path, e);
        } catch (LinkageError e) {
            throw errors.failure(path, new ClassNotFoundException(e.getMessage(), e));
        }
    }

    private synchronized UserGroupInformation identity() throws IOException {
        UserGroupInformation known = identity;
        if (known == null) {
            known = login();
            identity = known;
        } else if (principal != null) {
            known.checkTGTAndReloginFromKeytab();
        }
        return known;
    }

    private UserGroupInformation login() throws IOException {
        if (principal != null && keytab != null) {
            UserGroupInformation.setConfiguration(configuration);
            return UserGroupInformation.loginUserFromKeytabAndReturnUGI(principal, keytab);
        }
        return user == null ? UserGroupInformation.getCurrentUser() : UserGroupInformation.createRemoteUser(user);
    }

    private synchronized FileSystem fileSystem() throws IOException {
        FileSystem open = fileSystem;
        if (open == null) {
            open = connect();
            fileSystem = open;
        }
        return open;
    }

    private FileSystem connect() throws IOException {
        try {
            return FileSystem.newInstance(root, configuration);
        } catch (RuntimeException e) {
            // So Hadoop says that the class which a setting names is not there.
            if (e.getCause() instanceof ClassNotFoundException missing) {
                throw new IOException(missing.toString(), e);
            }
            throw e;
        }
    }

    @Override
    public synchronized void close() {
        FileSystem open = fileSystem;
        fileSystem = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(errors.failure("", e));
            }
        }
    }
}
