package io.tarn.master.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tarn.master.MasterFixture;
import io.tarn.master.rpc.RpcConfig;
import io.tarn.protocol.v1.CacheFigures;
import io.tarn.protocol.v1.HeartbeatRequest;
import io.tarn.protocol.v1.MountFigures;
import io.tarn.understore.UnderStores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StatusPageTest {
    @TempDir
    Path directory;

    @Test
    void saysWhatThereIsAndThatAMasterIsAway() throws IOException {
        Path store = Files.createDirectory(directory.resolve("a<b>&c"));
        MasterFixture master = new MasterFixture(directory.resolve("master"), UnderStores.load());
        try (master;
                StatusPage page =
                        new StatusPage(RpcConfig.DEFAULT, master.master().port(), InstantSource.system())) {
            master.mount("/lake", store.toUri().toString());
            master.write("/file", 10);
            master.worker().heartbeat(served("/lake", 300, 100));
            String html = page.get();
            assertTrue(html.startsWith("<!doctype html>"), html);
            assertTrue(html.contains(master.master().clusterId()), html);
            assertTrue(html.contains("/lake"), html);
            assertTrue(html.contains("75.0 %"), html);
            assertTrue(html.contains(">up<"), html);
            assertFalse(html.contains("<b>&c"), html);
            master.close();
            assertTrue(page.get().contains("does not answer now"), page.get());
        }
    }

    private static HeartbeatRequest served(String mount, long hitBytes, long missBytes) {
        CacheFigures figures = CacheFigures.newBuilder()
                .setHitBytes(hitBytes)
                .setMissBytes(missBytes)
                .build();
        return HeartbeatRequest.newBuilder()
                .setWorkerId(MasterFixture.WORKER_ID)
                .addMounts(MountFigures.newBuilder().setMountPath(mount).setFigures(figures))
                .build();
    }

    @Test
    void figuresReadWell() {
        assertEquals("1.5 GiB", Html.bytes(3L << 29));
        assertEquals("7 B", Html.bytes(7));
        assertEquals("3 h 20 min", Html.age(12_000_000));
        assertEquals("–", Html.share(0, 0));
    }
}
