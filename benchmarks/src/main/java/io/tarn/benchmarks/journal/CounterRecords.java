package io.tarn.benchmarks.journal;

import io.tarn.master.leader.RecordType;
import io.tarn.master.state.StateWriter;
import io.tarn.master.state.Table;
import java.nio.ByteBuffer;

/** The smallest useful record: it sets an inode's value, 8 bytes each. */
final class CounterRecords implements RecordType<CounterRecords.SetCounter> {
    record SetCounter(long key, long value) {}

    @Override
    public byte[] encode(SetCounter counter) {
        return ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(counter.key)
                .putLong(counter.value)
                .array();
    }

    @Override
    public SetCounter decode(ByteBuffer bytes) {
        return new SetCounter(bytes.getLong(), bytes.getLong());
    }

    @Override
    public void replay(SetCounter counter, StateWriter state) {
        state.put(Table.INODE, bytes(counter.key), bytes(counter.value));
    }

    static byte[] bytes(long value) {
        return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
    }
}
