package io.tarn.master.namespace;

import com.google.protobuf.ByteString;
import io.tarn.protocol.v1.SetAttributesRequest;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the nearest directories above say by their attributes, in one mount. Immutable. */
record Inherited(
        @Nullable String writeType,
        @Nullable String checkpointInterval,
        boolean pinned,
        @Nullable String workers,
        @Nullable String copies) {
    static final String WRITE_TYPE = "tarn.write-type";
    static final String CHECKPOINT_INTERVAL = "tarn.checkpoint-interval";

    /** "true" keeps cached pages from eviction; "false" makes an exception below what is pinned. */
    static final String PINNED = "tarn.pinned";

    /** Which workers data are to be on, as {@link io.tarn.protocol.placement.WorkerSelector} reads it; "any" makes an exception. */
    static final String WORKERS = "tarn.workers";

    /** On how many workers what no store holds is to be. */
    static final String COPIES = "tarn.copies";

    static final Inherited NONE = new Inherited(null, null, false, null, null);

    /** What holds below this directory, where this holds at it. */
    Inherited below(Node directory) {
        boolean fresh =
                directory instanceof Node.OwnedNode owned && owned.inode().isMountPoint();
        return (fresh ? NONE : this).with(directory.extendedAttributes());
    }

    /** What holds where these attributes are set, below where this holds. */
    Inherited with(Map<String, ByteString> attributes) {
        if (attributes.isEmpty()) {
            return this;
        }
        ByteString pin = attributes.get(PINNED);
        return new Inherited(
                text(attributes, WRITE_TYPE, writeType),
                text(attributes, CHECKPOINT_INTERVAL, checkpointInterval),
                pin == null ? pinned : Boolean.parseBoolean(pin.toStringUtf8()),
                text(attributes, WORKERS, workers),
                text(attributes, COPIES, copies));
    }

    private static @Nullable String text(Map<String, ByteString> attributes, String name, @Nullable String otherwise) {
        ByteString value = attributes.get(name);
        return value == null ? otherwise : value.toStringUtf8();
    }

    Placement placement() {
        return Placement.of(workers, copies);
    }

    /** Whether a change touches what says where data are to be. */
    static boolean changesPlacement(SetAttributesRequest change) {
        return change.containsSetExtendedAttributes(WORKERS)
                || change.containsSetExtendedAttributes(COPIES)
                || change.getRemoveExtendedAttributesList().contains(WORKERS)
                || change.getRemoveExtendedAttributesList().contains(COPIES);
    }
}
