package io.tarn.master.etcd;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.ClientBuilder;
import io.netty.handler.ssl.SslContextBuilder;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.runtime.config.Setting;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.net.ssl.SSLException;

/** How etcd knows this master, and this master etcd. */
public record EtcdAccess(
        @Setting(
                key = "master.etcd.user",
                doc = "The user that etcd knows this cluster as. Empty: etcd asks for none.",
                defaultValue = "")
        String user,

        @Setting(
                key = "master.etcd.password-file",
                doc =
                        "A file that holds that user's password, which only the master's own user should be able to read.",
                defaultValue = "")
        String passwordFile,

        @Setting(
                key = "master.etcd.ca-file",
                doc =
                        "Certificates (PEM) of whom etcd's certificate may come from, where its endpoints begin with https://. Empty: those that this JVM trusts.",
                defaultValue = "")
        String caFile,

        @Setting(
                key = "master.etcd.certificate-file",
                doc = "This master's certificate (PEM), where etcd asks for one; master.etcd.key-file goes with it.",
                defaultValue = "")
        String certificateFile,

        @Setting(
                key = "master.etcd.key-file",
                doc = "The private key of that certificate, as PKCS 8 (PEM), without a password.",
                defaultValue = "")
        String keyFile) {
    /** Everybody may. */
    public static final EtcdAccess OPEN = new EtcdAccess("", "", "", "", "");

    /** @throws TarnException INVALID_ARGUMENT where a file cannot be used; the message names the setting */
    void applyTo(ClientBuilder client, boolean encrypted) throws TarnException {
        if (!user.isEmpty()) {
            client.user(ByteSequence.from(user, StandardCharsets.UTF_8))
                    .password(ByteSequence.from(password(), StandardCharsets.UTF_8));
        }
        if (encrypted) {
            try {
                client.sslContext(this::applyTo);
            } catch (SSLException | IllegalArgumentException e) {
                throw new TarnException(
                        ErrorCode.INVALID_ARGUMENT,
                        "master.etcd.ca-file, certificate-file or key-file cannot be used: " + e.getMessage(),
                        e);
            }
        }
    }

    private void applyTo(SslContextBuilder builder) {
        if (!caFile.isEmpty()) {
            builder.trustManager(new File(caFile));
        }
        if (!certificateFile.isEmpty()) {
            builder.keyManager(new File(certificateFile), new File(keyFile));
        }
    }

    private String password() throws TarnException {
        try {
            return Files.readString(Path.of(passwordFile)).strip();
        } catch (IOException e) {
            throw new TarnException(
                    ErrorCode.INVALID_ARGUMENT,
                    "master.etcd.password-file: \"" + passwordFile + "\" cannot be read (" + e + ")",
                    e);
        }
    }
}
