package io.tarn.client.internal;

import io.tarn.client.AttributeChange;
import io.tarn.client.FileInfo;
import io.tarn.client.internal.master.Namespace;
import io.tarn.protocol.error.TarnException;
import java.nio.charset.StandardCharsets;

/** The attribute by which the namespace keeps pins: "true" pins, "false" makes an exception below what is pinned. Stateless. */
record PinAttribute(Namespace namespace) {
    private static final String NAME = "tarn.pinned";

    FileInfo set(String path, boolean pinned) throws TarnException {
        FileInfo file = namespace.status(path);
        boolean exception = !pinned && isPinnedAbove(file);
        byte[] value = pinned || exception ? Boolean.toString(pinned).getBytes(StandardCharsets.UTF_8) : null;
        return namespace.setAttributes(file.path(), AttributeChange.NONE.withExtendedAttribute(NAME, value));
    }

    private boolean isPinnedAbove(FileInfo file) throws TarnException {
        FileInfo below = file;
        while (!below.mountPoint() && !below.path().equals("/")) {
            String above = below.path().substring(0, below.path().lastIndexOf('/'));
            below = namespace.status(above.isEmpty() ? "/" : above);
            byte[] value = below.extendedAttributes().get(NAME);
            if (value != null) {
                return Boolean.parseBoolean(new String(value, StandardCharsets.UTF_8));
            }
        }
        return false;
    }
}
