package io.tarn.master.state.rocks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tarn.master.state.Changes;
import io.tarn.master.state.Format;
import io.tarn.master.state.LayeredState;
import io.tarn.master.state.StateReader;
import io.tarn.master.state.StateStore;
import io.tarn.master.state.StateStoreContract;
import io.tarn.master.state.Table;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RocksStateStoreTest extends StateStoreContract {
    @Override
    protected StateStore open() throws Exception {
        return RocksStateStore.open(directory.resolve("state"), StateConfig.DEFAULT);
    }

    /** Copies the files of the open database: with its log off, that is what a crash leaves. */
    @Override
    protected StateStore crash(StateStore store) throws Exception {
        Path crashed = Files.createDirectory(directory.resolve("crashed"));
        for (Path file : files(directory.resolve("state"))) {
            Files.copy(file, crashed.resolve(file.getFileName()));
        }
        return RocksStateStore.open(crashed, StateConfig.DEFAULT);
    }

    @Override
    protected StateStore restore(Path checkpoint) throws Exception {
        Path restored = directory.resolve("restored");
        CheckpointFiles.restore(checkpoint, restored);
        return RocksStateStore.open(restored, StateConfig.DEFAULT);
    }

    @Test
    void aCleanCloseLosesNothing() throws Exception {
        commit(1, "a=1");
        store.close();
        store = open();
        assertEquals(1, store.durableSequence());
        assertEquals(List.of("a=1"), scan(store, "", null));
    }

    @Test
    void aStateOfANewerFormatIsRefusedAndNotTouched() throws Exception {
        raise(1, Format.NEWEST);
        store.close();
        store = open();
        assertEquals(Format.NEWEST, Format.of(store));
        raise(2, Format.NEWEST + 1);
        store.close();
        for (int attempt = 0; attempt < 2; attempt++) {
            TarnException refusal = assertThrows(TarnException.class, this::open);
            assertEquals(ErrorCode.UNSUPPORTED, refusal.code());
            assertTrue(refusal.getMessage().contains("start the release that wrote it"), refusal.getMessage());
        }
    }

    private void raise(long sequence, int format) {
        LayeredState state = new LayeredState(store);
        Changes changes = new Changes();
        state.push(changes);
        Format.raise(state, format);
        store.commit(sequence, changes);
    }

    @Test
    void usedAfterItsCloseItThrowsAndDoesNotCrash() {
        commit(1, "a=1");
        StateReader.Cursor cursor = store.scan(Table.INODE, new byte[0], null);
        store.close();
        assertThrows(IllegalStateException.class, () -> get(store, Table.META, "a"));
        assertThrows(IllegalStateException.class, cursor::next);
        assertThrows(IllegalStateException.class, () -> scan(store, "", null));
        assertThrows(IllegalStateException.class, () -> commit(2, "a=2"));
        assertThrows(IllegalStateException.class, store::flush);
        cursor.close();
        store.close();
    }

    @Test
    void aSecondProcessIsRefused() {
        TarnException e = assertThrows(TarnException.class, this::open);
        assertEquals(ErrorCode.UNAVAILABLE, e.code());
        assertTrue(e.getMessage().contains("in use"), e.getMessage());
    }

    @Test
    void aDamagedBlockIsAnErrorNowAndAtTheNextStart() throws Exception {
        String[] many = new String[20_000];
        for (int i = 0; i < many.length; i++) {
            many[i] = "key-" + i + "=" + "value-" + i * 7919L;
        }
        commit(1, many);
        store.flush();
        store.close();
        for (Path file : files(directory.resolve("state"))) {
            if (file.toString().endsWith(".sst") && Files.size(file) > 100_000) {
                overwrite(file, Files.size(file) / 4);
            }
        }
        store = open();
        UncheckedIOException e = assertThrows(UncheckedIOException.class, () -> scan(store, "", null));
        TarnException cause = assertInstanceOf(TarnException.class, e.getCause());
        assertEquals(ErrorCode.CORRUPT, cause.code());
        assertTrue(cause.getMessage().contains("restart the master"), cause.getMessage());
        store.close();
        assertEquals(
                ErrorCode.CORRUPT, assertThrows(TarnException.class, this::open).code());
        assertFalse(RocksStateStore.forgetDamagedMirror(directory.resolve("state"), StateConfig.DEFAULT));
    }

    @Test
    void aDamagedMirrorIsForgottenAndTheRestKept() throws Exception {
        commit(1, "a=1");
        Changes mirrored = new Changes();
        for (int i = 0; i < 20_000; i++) {
            mirrored.put(Table.MIRROR, ("key-" + i).getBytes(), ("value-" + i * 7919L).getBytes());
        }
        store.cache(mirrored);
        store.close();
        assertFalse(RocksStateStore.forgetDamagedMirror(directory.resolve("state"), StateConfig.DEFAULT));
        for (Path file : files(directory.resolve("state"))) {
            if (file.toString().endsWith(".sst") && Files.size(file) > 100_000) {
                overwrite(file, Files.size(file) / 4);
            }
        }
        store = open();
        assertThrows(UncheckedIOException.class, () -> countMirror(store));
        store.close();
        assertTrue(RocksStateStore.forgetDamagedMirror(directory.resolve("state"), StateConfig.DEFAULT));
        store = open();
        assertEquals(1, store.appliedSequence());
        assertEquals(List.of("a=1"), scan(store, "", null));
        assertEquals(0, countMirror(store));
    }

    @Test
    void theMirrorOutlastsACleanCloseButNoCrashAfterWhichItMayHaveMissedChanges() throws Exception {
        commit(1, "a=1");
        Changes mirrored = new Changes();
        mirrored.put(Table.MIRROR, "key".getBytes(), "value".getBytes());
        store.cache(mirrored);
        store.close();
        store = open();
        assertEquals(1, countMirror(store));
        store.flush();
        try (StateStore crashed = crash(store)) {
            assertEquals(0, countMirror(crashed));
            assertEquals(List.of("a=1"), scan(crashed, "", null));
        }
    }

    private static int countMirror(StateStore store) {
        try (StateReader.Cursor cursor = store.scan(Table.MIRROR, new byte[0], null)) {
            int count = 0;
            while (cursor.next()) {
                count++;
            }
            return count;
        }
    }

    @Test
    void missingFilesAreDamage() throws Exception {
        commit(1, "a=1");
        store.close();
        for (Path file : files(directory.resolve("state"))) {
            if (file.toString().endsWith(".sst")) {
                Files.delete(file);
            }
        }
        assertEquals(
                ErrorCode.CORRUPT, assertThrows(TarnException.class, this::open).code());
    }

    @Test
    void checkpointsLinkTheirTables() throws Exception {
        commit(1, "a=1");
        Path checkpoint = directory.resolve("checkpoint");
        store.checkpoint(checkpoint);
        boolean linked = false;
        for (Path file : files(checkpoint)) {
            linked |= (int) Files.getAttribute(file, "unix:nlink") > 1;
        }
        assertTrue(linked);
        assertFalse(files(checkpoint).isEmpty());
    }

    private static void overwrite(Path file, long offset) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[64]), offset);
        }
    }

    private static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> listing = Files.list(directory)) {
            return listing.filter(file -> !file.endsWith("LOCK")).toList();
        }
    }
}
