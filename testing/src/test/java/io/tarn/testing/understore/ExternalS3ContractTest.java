package io.tarn.testing.understore;

import io.tarn.protocol.v1.MountOptions;
import io.tarn.understore.UnderStore;
import io.tarn.understore.UnderStores;
import java.net.URI;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * The contract on an S3 server that runs already, named by variables of the environment: TARN_TEST_S3_ENDPOINT, TARN_TEST_S3_ACCESS_KEY,
 * TARN_TEST_S3_SECRET_KEY, and where needed TARN_TEST_S3_OPTIONS (properties of the mount, {@code key=value} with spaces between) and
 * TARN_TEST_S3_FLAWS (names of {@link ServerFlaw} with spaces between). {@code bin/test-stores} starts such servers.
 */
final class ExternalS3ContractTest extends UnderStoreContract {
    private static final Map<String, String> ENVIRONMENT = System.getenv();
    private static final String ENDPOINT = ENVIRONMENT.getOrDefault("TARN_TEST_S3_ENDPOINT", "");
    /** A bucket of this run: the server may have seen others. */
    private static final String BUCKET = "contract-" + System.currentTimeMillis();

    @BeforeAll
    static void createBucket() {
        TestEnvironment.orSkip("TARN_TEST_S3_ENDPOINT", "no external S3 server is tested here");
        try (S3Client client = S3Client.builder()
                .endpointOverride(URI.create(ENDPOINT))
                .region(Region.US_EAST_1)
                .forcePathStyle(true)
                .httpClientBuilder(ApacheHttpClient.builder())
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(
                        required("TARN_TEST_S3_ACCESS_KEY"), required("TARN_TEST_S3_SECRET_KEY"))))
                .build()) {
            client.createBucket(create -> create.bucket(BUCKET));
        }
    }

    private static String required(String variable) {
        String value = ENVIRONMENT.get(variable);
        if (value == null) {
            throw new IllegalStateException(variable + " is not set, though TARN_TEST_S3_ENDPOINT is");
        }
        return value;
    }

    private static String[] words(String variable) {
        String text = ENVIRONMENT.getOrDefault(variable, "").strip();
        return text.isEmpty() ? new String[0] : text.split("\\s+");
    }

    @Override
    public Set<ServerFlaw> flaws() {
        return Arrays.stream(words("TARN_TEST_S3_FLAWS"))
                .map(ServerFlaw::valueOf)
                .collect(Collectors.toSet());
    }

    @Override
    public int pageEntries() {
        return 1_000;
    }

    @Override
    protected UnderStore open(String place) throws Exception {
        MountOptions.Builder options = S3MountOptions.of(
                URI.create(ENDPOINT), required("TARN_TEST_S3_ACCESS_KEY"), required("TARN_TEST_S3_SECRET_KEY"))
                .toBuilder();
        for (String option : words("TARN_TEST_S3_OPTIONS")) {
            int equals = option.indexOf('=');
            options.putProperties(option.substring(0, equals), option.substring(equals + 1));
        }
        return UnderStores.load().open("s3://" + BUCKET + "/" + place, options.build());
    }
}
