package io.tarn.master.namespace;

import com.google.protobuf.ByteString;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the nearest directories above say by their attributes, in one mount. Immutable. */
record Inherited(@Nullable String writeType, @Nullable String checkpointInterval, boolean pinned) {
    static final String WRITE_TYPE = "tarn.write-type";
    static final String CHECKPOINT_INTERVAL = "tarn.checkpoint-interval";

    /** "true" keeps cached pages from eviction; "false" makes an exception below what is pinned. */
    static final String PINNED = "tarn.pinned";

    static final Inherited NONE = new Inherited(null, null, false);

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
        ByteString type = attributes.get(WRITE_TYPE);
        ByteString interval = attributes.get(CHECKPOINT_INTERVAL);
        ByteString pin = attributes.get(PINNED);
        return new Inherited(
                type == null ? writeType : type.toStringUtf8(),
                interval == null ? checkpointInterval : interval.toStringUtf8(),
                pin == null ? pinned : Boolean.parseBoolean(pin.toStringUtf8()));
    }
}
