package io.tarn.master.namespace;

import io.tarn.master.record.Keys;
import io.tarn.master.record.NamespaceView;
import io.tarn.master.record.Record;
import io.tarn.master.state.StateReader;
import io.tarn.master.state.Table;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.id.FileVersion;
import io.tarn.understore.StoreStatus;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Which versions of files a rename by copies has copied, by 63 bits of a hash of path and version: 8 bytes a file, journaled in records of bounded size, so
 * that a restart copies little again and deletes nothing that it has not copied. Safe for many threads.
 */
final class CopiedVersions {
    private static final int VERSIONS_PER_RECORD = 4_096;

    private final Mutations mutations;
    private final long operationId;
    private final Set<Long> known = new HashSet<>();
    private final List<Long> unwritten = new ArrayList<>();
    private long records;

    private CopiedVersions(Mutations mutations, long operationId) {
        this.mutations = mutations;
        this.operationId = operationId;
    }

    static CopiedVersions load(StateReader committed, Mutations mutations, long operationId) {
        CopiedVersions copied = new CopiedVersions(mutations, operationId);
        try (StateReader.Cursor cursor = committed.scan(Table.COPIED, Keys.id(operationId), null)) {
            while (cursor.next()) {
                copied.known.addAll(NamespaceView.copiedOf(cursor.value()));
                copied.records++;
            }
        }
        return copied;
    }

    synchronized boolean contains(StoreStatus file) {
        return known.contains(hash(file));
    }

    void add(StoreStatus file) throws TarnException {
        List<Long> full = List.of();
        long number = 0;
        synchronized (this) {
            known.add(hash(file));
            unwritten.add(hash(file));
            if (unwritten.size() >= VERSIONS_PER_RECORD) {
                full = List.copyOf(unwritten);
                unwritten.clear();
                number = records++;
            }
        }
        write(full, number);
    }

    /** Makes all of it durable. */
    void flush() throws TarnException {
        List<Long> rest;
        long number;
        synchronized (this) {
            rest = List.copyOf(unwritten);
            unwritten.clear();
            number = records++;
        }
        write(rest, number);
    }

    private void write(List<Long> versions, long number) throws TarnException {
        if (!versions.isEmpty()) {
            mutations.step((view, emitted) -> {
                emitted.accept(new Record.RenameCopied(operationId, number, versions));
                return true;
            });
        }
    }

    private static long hash(StoreStatus file) {
        return FileVersion.mirrored(0, file.path(), file.versionTag()).high();
    }
}
