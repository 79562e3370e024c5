package io.tarn.master.state;

/** What replay changes. Reads through the same object see the writes before them. */
public interface StateWriter extends StateReader {
    void put(Table table, byte[] key, byte[] value);

    void delete(Table table, byte[] key);
}
