package io.tarn.understore.s3;

import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.v1.MountOptions;
import io.tarn.understore.RequestFigures;
import io.tarn.understore.StoreProperties;
import io.tarn.understore.UnderStore;
import io.tarn.understore.UnderStoreFactory;
import io.tarn.understore.UploadLog;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.services.s3.LegacyMd5Plugin;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/** Opens {@code s3://bucket/prefix}; {@code s3a://} is the same, for those who come from Hadoop. */
public final class S3StoreFactory implements UnderStoreFactory {
    private static final Duration WAIT_FOR_CONNECTION = Duration.ofSeconds(60);

    @Override
    public Set<String> schemes() {
        return Set.of("s3", "s3a");
    }

    @Override
    public UnderStore open(String storeUri, MountOptions options) throws TarnException {
        return open(storeUri, options, UploadLog.none());
    }

    @Override
    public UnderStore open(String storeUri, MountOptions options, UploadLog uploads) throws TarnException {
        StoreProperties properties = S3StoreSettings.properties(storeUri, options);
        S3StoreSettings settings = S3StoreSettings.parse(storeUri, properties);
        Region region = region(settings);
        SdkHttpClient http = Apache5HttpClient.builder()
                .maxConnections(settings.maxConnections())
                .connectionTimeout(settings.connectTimeout())
                .socketTimeout(settings.readTimeout())
                .connectionAcquisitionTimeout(WAIT_FOR_CONNECTION)
                .expectContinueEnabled(false)
                .build();
        try {
            S3Credentials credentials = S3Credentials.open(properties, region, http);
            DoubtfulAttempts attempts = new DoubtfulAttempts(http);
            S3Client client = client(settings, region, attempts, credentials);
            S3Requests requests =
                    new S3Requests(settings, client, attempts, new S3Errors(settings), new RequestFigures());
            return new S3Store(requests, uploads, () -> {
                client.close();
                credentials.close();
                http.close();
            });
        } catch (TarnException e) {
            http.close();
            throw e;
        }
    }

    private static S3Client client(
            S3StoreSettings settings, Region region, SdkHttpClient http, S3Credentials credentials) {
        S3ClientBuilder builder = S3Client.builder()
                .region(region)
                .httpClient(http)
                .credentialsProvider(credentials.provider())
                .forcePathStyle(settings.pathStyle())
                // Servers other than AWS do not know the newer checksums, and refuse or garble requests with them.
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .overrideConfiguration(override -> override.addExecutionInterceptor(new ListingEchoes())
                        .retryStrategy(AwsRetryStrategy.standardRetryStrategy().toBuilder()
                                .maxAttempts(settings.attempts())
                                .build()));
        URI endpoint = settings.endpoint();
        if (endpoint == null) {
            return builder.crossRegionAccessEnabled(true).build();
        }
        // A delete of many keys must carry a digest, and older servers know only MD5.
        // Nor do OSS and Swift know bodies signed chunk by chunk, as the client sends them without TLS.
        return builder.endpointOverride(endpoint)
                .addPlugin(LegacyMd5Plugin.create())
                .serviceConfiguration(service -> service.chunkedEncodingEnabled(false))
                .build();
    }

    private static Region region(S3StoreSettings settings) {
        String named = settings.region();
        if (named != null) {
            return Region.of(named);
        }
        Region found = settings.endpoint() == null ? fromEnvironment() : null;
        return found == null ? Region.US_EAST_1 : found;
    }

    private static @Nullable Region fromEnvironment() {
        try {
            return DefaultAwsRegionProviderChain.builder().build().getRegion();
        } catch (SdkClientException e) {
            // Not set anywhere: the bucket's own region is found by the first answer.
            return null;
        }
    }
}
