package io.tarn.understore.s3;

import io.tarn.protocol.error.TarnException;
import io.tarn.understore.StoreProperties;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.StsClientBuilder;
import software.amazon.awssdk.services.sts.auth.StsAssumeRoleCredentialsProvider;
import software.amazon.awssdk.services.sts.auth.StsAssumeRoleWithWebIdentityCredentialsProvider;
import software.amazon.awssdk.services.sts.model.AssumeRoleWithWebIdentityRequest;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * Where the credentials of a mount come from, by property {@code credentials}: {@code static} (keys in the mount's credentials; the default where
 * they are given), {@code default} (the AWS chain: environment, profile, instance or pod role), {@code web-identity} (a token file exchanged at STS),
 * {@code assume-role} (static or default credentials exchanged at STS for a role's), {@code anonymous}. Those of STS are renewed before they expire.
 *
 * <p>Safe for use by many threads.
 */
final class S3Credentials implements AutoCloseable {
    static final Set<String> KEYS = Set.of(
            "credentials",
            "access-key",
            "secret-key",
            "session-token",
            "role-arn",
            "role-session-name",
            "external-id",
            "web-identity-token-file",
            "sts-endpoint");

    private final AwsCredentialsProvider provider;
    private final @Nullable StsClient sts;

    private S3Credentials(AwsCredentialsProvider provider, @Nullable StsClient sts) {
        this.provider = provider;
        this.sts = sts;
    }

    /** @throws TarnException INVALID_ARGUMENT for an unknown mode, or one whose properties are missing */
    static S3Credentials open(StoreProperties properties, Region region, SdkHttpClient http) throws TarnException {
        String mode = properties.text("credentials", properties.text("access-key") == null ? "default" : "static");
        return switch (mode) {
            case "static", "default" -> new S3Credentials(base(properties, mode), null);
            case "anonymous" -> new S3Credentials(AnonymousCredentialsProvider.create(), null);
            case "web-identity" -> webIdentity(properties, sts(properties, region, http, "anonymous"));
            case "assume-role" -> {
                String base = properties.text("access-key") == null ? "default" : "static";
                yield assumeRole(properties, sts(properties, region, http, base));
            }
            default ->
                throw properties.invalid(
                        "property \"credentials\" is static, default, web-identity, assume-role or anonymous, not \""
                                + mode + "\"");
        };
    }

    private static AwsCredentialsProvider base(StoreProperties properties, String mode) throws TarnException {
        if (mode.equals("anonymous")) {
            return AnonymousCredentialsProvider.create();
        }
        if (mode.equals("default")) {
            return DefaultCredentialsProvider.builder().build();
        }
        String accessKey = properties.required("access-key", "static credentials are an access key and a secret key");
        String secretKey = properties.required("secret-key", "static credentials are an access key and a secret key");
        String token = properties.text("session-token");
        return StaticCredentialsProvider.create(
                token == null
                        ? AwsBasicCredentials.create(accessKey, secretKey)
                        : AwsSessionCredentials.create(accessKey, secretKey, token));
    }

    private static StsClient sts(StoreProperties properties, Region region, SdkHttpClient http, String base)
            throws TarnException {
        StsClientBuilder builder =
                StsClient.builder().region(region).httpClient(http).credentialsProvider(base(properties, base));
        String endpoint = properties.text("sts-endpoint");
        if (endpoint != null) {
            try {
                builder.endpointOverride(java.net.URI.create(endpoint));
            } catch (IllegalArgumentException e) {
                throw properties.invalid("property \"sts-endpoint\" is written https://host:port");
            }
        }
        return builder.build();
    }

    private static S3Credentials assumeRole(StoreProperties properties, StsClient sts) throws TarnException {
        String role = properties.required("role-arn", "credentials=assume-role asks STS for a role's credentials");
        String session = properties.text("role-session-name", "tarn");
        String externalId = properties.text("external-id");
        return new S3Credentials(
                StsAssumeRoleCredentialsProvider.builder()
                        .stsClient(sts)
                        .refreshRequest(request ->
                                request.roleArn(role).roleSessionName(session).externalId(externalId))
                        .build(),
                sts);
    }

    private static S3Credentials webIdentity(StoreProperties properties, StsClient sts) throws TarnException {
        String why = "credentials=web-identity exchanges the token in a file at STS for a role's credentials";
        String role = environmentOr(properties, "role-arn", "AWS_ROLE_ARN", why);
        Path file = Path.of(environmentOr(properties, "web-identity-token-file", "AWS_WEB_IDENTITY_TOKEN_FILE", why));
        String session = properties.text("role-session-name", "tarn");
        return new S3Credentials(
                StsAssumeRoleWithWebIdentityCredentialsProvider.builder()
                        .stsClient(sts)
                        .refreshRequest(() -> AssumeRoleWithWebIdentityRequest.builder()
                                .roleArn(role)
                                .roleSessionName(session)
                                .webIdentityToken(TokenFile.read(file))
                                .build())
                        .build(),
                sts);
    }

    private static String environmentOr(StoreProperties properties, String key, String variable, String why)
            throws TarnException {
        String fromEnvironment = System.getenv(variable);
        return properties.text(key) == null && fromEnvironment != null
                ? fromEnvironment
                : properties.required(key, why + " (or set " + variable + ")");
    }

    AwsCredentialsProvider provider() {
        return provider;
    }

    @Override
    public void close() {
        if (provider instanceof SdkAutoCloseable closeable) {
            closeable.close();
        }
        if (sts != null) {
            sts.close();
        }
    }
}
