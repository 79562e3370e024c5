package io.tarn.testing.understore;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Variables of the environment that name a server which runs already. */
final class TestEnvironment {
    private static final Logger LOG = LoggerFactory.getLogger(TestEnvironment.class);

    private TestEnvironment() {}

    /** Skips the caller's tests, and says so, where {@code variable} is not set. */
    static void orSkip(String variable, String consequence) {
        if (System.getenv().getOrDefault(variable, "").isEmpty()) {
            String message = "SKIPPED: " + variable + " is not set; " + consequence + " (see bin/test-stores)";
            LOG.warn(message);
            assumeTrue(false, message);
        }
    }
}
