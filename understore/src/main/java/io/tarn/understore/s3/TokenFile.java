package io.tarn.understore.s3;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import software.amazon.awssdk.core.exception.SdkClientException;

/** The token that Kubernetes projects into a pod; it is read again for each exchange, since the kubelet renews it. */
final class TokenFile {
    private TokenFile() {}

    static String read(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw SdkClientException.create(
                    "the web identity token file " + file + " cannot be read: check web-identity-token-file", e);
        }
    }
}
