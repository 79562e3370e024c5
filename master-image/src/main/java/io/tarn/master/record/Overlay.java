package io.tarn.master.record;

import com.google.protobuf.ByteString;
import io.tarn.protocol.error.TarnException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Attributes of a mirrored file or directory that its store cannot hold; laid over what the store says. Null leaves the store's (or mount's) word. */
public record Overlay(
        @Nullable String owner,
        @Nullable String group,
        @Nullable Long mode,
        @Nullable Long modifiedMillis,
        @Nullable Long accessedMillis,
        Map<String, ByteString> extendedAttributes) {
    public static final Overlay NONE = new Overlay(null, null, null, null, null, Map.of());

    private static final int ENCODING = 1;

    /** Who made it, and with which mode. */
    public static Overlay ofCreator(String owner, String group, int mode) {
        return new Overlay(owner, group, (long) mode, null, null, Map.of());
    }

    /** The same with these attributes beside. */
    public Overlay with(Map<String, ByteString> attributes) {
        return attributes.equals(extendedAttributes)
                ? this
                : new Overlay(owner, group, mode, modifiedMillis, accessedMillis, attributes);
    }

    /** The same with these times. */
    public Overlay withTimes(@Nullable Long modified, @Nullable Long accessed) {
        return new Overlay(owner, group, mode, modified, accessed, extendedAttributes);
    }

    public boolean isNone() {
        return equals(NONE);
    }

    public byte[] encode() {
        FieldWriter out = new FieldWriter();
        write(out);
        return out.toBytes();
    }

    void write(FieldWriter out) {
        out.u8(ENCODING).optionalText(owner).optionalText(group).optionalVarint(mode);
        out.optionalVarint(modifiedMillis).optionalVarint(accessedMillis).attributes(extendedAttributes);
    }

    static Overlay read(FieldReader in) throws TarnException {
        in.version(ENCODING, "an overlay");
        return new Overlay(
                in.optionalText(),
                in.optionalText(),
                in.optionalVarint(),
                in.optionalVarint(),
                in.optionalVarint(),
                in.attributes());
    }
}
