package io.tarn.master.record;

import com.google.protobuf.ByteString;
import io.tarn.master.state.StateWriter;
import io.tarn.master.state.Table;
import java.util.Map;

/** Replay of what has a time to live, so that it is found without looking at everything: TTL. For one record. */
final class TtlReplay {
    private static final byte[] NOTHING = {};

    private final StateWriter state;

    TtlReplay(StateWriter state) {
        this.state = state;
    }

    void add(Inode inode) {
        change(new DirectoryKey.Owned(inode.id()), Map.of(), inode.extendedAttributes());
    }

    void remove(Inode inode) {
        change(new DirectoryKey.Owned(inode.id()), inode.extendedAttributes(), Map.of());
    }

    void change(DirectoryKey key, Map<String, ByteString> before, Map<String, ByteString> after) {
        if (after.containsKey(Inode.TTL)) {
            state.put(Table.TTL, key.encode(), NOTHING);
        } else if (before.containsKey(Inode.TTL)) {
            state.delete(Table.TTL, key.encode());
        }
    }
}
