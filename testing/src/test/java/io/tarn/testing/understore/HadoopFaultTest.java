package io.tarn.testing.understore;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.v1.MountOptions;
import io.tarn.testing.understore.LosingFileSystem.Loss;
import io.tarn.understore.CreateOptions;
import io.tarn.understore.StoreAttributes;
import io.tarn.understore.UnderStore;
import io.tarn.understore.hadoop.HadoopStoreFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Commits to Hadoop file systems that fail once the file is in place. */
final class HadoopFaultTest {
    private static final CreateOptions ONLY_IF_ABSENT = new CreateOptions(true, null, StoreAttributes.NONE);
    private static final byte[] CONTENT = {1, 2, 3};

    @TempDir
    private Path root;

    private UnderStore store;

    @BeforeEach
    void open() throws Exception {
        MountOptions options = MountOptions.newBuilder()
                .putProperties("hadoop.fs.file.impl", LosingFileSystem.class.getName())
                .build();
        store = new HadoopStoreFactory().open("file://" + root, options);
    }

    @AfterEach
    void close() {
        LosingFileSystem.NEXT.set(Loss.NOTHING);
        store.close();
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NOTHING")
    void whatFailsOnceTheFileIsInPlaceLeavesTheOutcomeInDoubt(Loss loss) throws Exception {
        LosingFileSystem.NEXT.set(loss);
        StoreProbe probe = new StoreProbe(store);
        probe.fails(() -> probe.put("file", CONTENT, ONLY_IF_ABSENT), ErrorCode.OUTCOME_UNKNOWN);
        assertArrayEquals(CONTENT, Files.readAllBytes(root.resolve("file")));
        try (var entries = Files.list(root)) {
            assertEquals(List.of(root.resolve("file")), entries.toList(), "no temporary file");
        }
    }

    @Test
    void whatIsRefusedIsNotInDoubt() throws Exception {
        StoreProbe probe = new StoreProbe(store);
        probe.put("file", "there");
        probe.fails(() -> probe.put("file", CONTENT, ONLY_IF_ABSENT), ErrorCode.ALREADY_EXISTS);
        assertEquals("there", probe.text("file"));
    }
}
