package io.tarn.master.namespace;

import com.google.protobuf.ByteString;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the nearest directories above say by their attributes, in one mount. Immutable. */
record Inherited(@Nullable String writeType, @Nullable String checkpointInterval) {
    static final String WRITE_TYPE = "tarn.write-type";
    static final String CHECKPOINT_INTERVAL = "tarn.checkpoint-interval";
    static final Inherited NONE = new Inherited(null, null);

    /** What holds below this directory, where this holds at it. */
    Inherited below(Node directory) {
        Map<String, ByteString> attributes = directory.extendedAttributes();
        boolean fresh =
                directory instanceof Node.OwnedNode owned && owned.inode().isMountPoint();
        Inherited above = fresh ? NONE : this;
        if (attributes.isEmpty()) {
            return above;
        }
        ByteString type = attributes.get(WRITE_TYPE);
        ByteString interval = attributes.get(CHECKPOINT_INTERVAL);
        return new Inherited(
                type == null ? above.writeType : type.toStringUtf8(),
                interval == null ? above.checkpointInterval : interval.toStringUtf8());
    }
}
