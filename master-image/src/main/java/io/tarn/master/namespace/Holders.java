package io.tarn.master.namespace;

import io.tarn.master.record.Inode;
import io.tarn.master.record.NamespaceView;
import io.tarn.master.record.Record;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.id.FileVersion;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether workers still hold what they are said to: those that have come back are asked, and their word is taken. Safe for many threads. */
final class Holders {
    private static final Logger LOG = LoggerFactory.getLogger(Holders.class);

    private final NamespaceParts parts;
    private final FilesToLookAt again;

    Holders(NamespaceParts parts, FilesToLookAt again) {
        this.parts = parts;
        this.again = again;
    }

    /** A worker may have come back without its disk, or without what was in its memory. @return whether any has to be asked */
    boolean askedAbout(Inode inode, NamespaceView view) {
        if (inode.directory() || !inode.complete()) {
            return false;
        }
        List<Long> asked = inode.holders().stream()
                .filter(holder -> parts.workers().mayLack(holder, inode.version()))
                .toList();
        if (asked.isEmpty() || view.isDetached(inode.id())) {
            return false;
        }
        asked.forEach(holder -> parts.workers().lookFor(holder, inode.version(), inode.lengthBytes()));
        return true;
    }

    /** It holds the file no more; others do, or nobody. */
    void missing(long workerId, FileVersion version) {
        parts.leader()
                .submit((state, records) -> {
                    NamespaceView view = new NamespaceView(state);
                    Inode inode = view.inode(version.high());
                    if (inode != null
                            && inode.complete()
                            && inode.version().equals(version)
                            && inode.holders().contains(workerId)
                            && !view.isDetached(inode.id())
                            && !isBeingPersisted(inode, view)) {
                        drop(inode, workerId, records);
                    }
                    return true;
                })
                .whenComplete((done, failure) -> {
                    if (failure != null) {
                        parts.workers().lookAgainFor(workerId, version);
                    }
                    again.lookAtAllSoon();
                });
    }

    private void drop(Inode inode, long workerId, Consumer<Record> records) {
        List<Long> others =
                inode.holders().stream().filter(holder -> holder != workerId).toList();
        if (others.isEmpty()) {
            LOG.error(
                    "Data is lost: {}, the only worker that held {} (inode {}), has it no more",
                    parts.workers().describe(workerId),
                    inode.name(),
                    inode.id());
        } else {
            records.accept(new Record.HoldersChanged(inode.id(), others));
        }
    }

    /** Its store may have it already, and the worker dropped it, therefore. */
    boolean isBeingPersisted(Inode inode, NamespaceView view) throws TarnException {
        Located found =
                view.unpersisted(inode.id()) == null ? null : Located.find(view, parts.mountTables(), inode.id());
        return found != null
                && view.persistIntent(found.place().mount().id(), found.place().path()) != null;
    }
}
