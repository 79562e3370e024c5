package io.tarn.client;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Attributes to change; null leaves one as it is. */
public record AttributeChange(
        @Nullable String owner,
        @Nullable String group,
        @Nullable Integer mode,
        @Nullable Long modifiedMillis,
        @Nullable Long accessedMillis,
        Map<String, byte[]> setExtendedAttributes,
        List<String> removeExtendedAttributes,
        boolean recursive) {
    public static final AttributeChange NONE =
            new AttributeChange(null, null, null, null, null, Map.of(), List.of(), false);

    public AttributeChange withMode(int newMode) {
        return new AttributeChange(
                owner,
                group,
                newMode,
                modifiedMillis,
                accessedMillis,
                setExtendedAttributes,
                removeExtendedAttributes,
                recursive);
    }

    public AttributeChange withOwner(@Nullable String newOwner, @Nullable String newGroup) {
        return new AttributeChange(
                newOwner,
                newGroup,
                mode,
                modifiedMillis,
                accessedMillis,
                setExtendedAttributes,
                removeExtendedAttributes,
                recursive);
    }

    public AttributeChange withTimes(@Nullable Long newModified, @Nullable Long newAccessed) {
        return new AttributeChange(
                owner,
                group,
                mode,
                newModified,
                newAccessed,
                setExtendedAttributes,
                removeExtendedAttributes,
                recursive);
    }

    /** @param value null removes it */
    public AttributeChange withExtendedAttribute(String name, byte @Nullable [] value) {
        Map<String, byte[]> set = new HashMap<>(setExtendedAttributes);
        List<String> remove = new ArrayList<>(removeExtendedAttributes);
        if (value == null) {
            set.remove(name);
            remove.add(name);
        } else {
            set.put(name, value);
            remove.remove(name);
        }
        return new AttributeChange(owner, group, mode, modifiedMillis, accessedMillis, set, remove, recursive);
    }

    public AttributeChange withRecursive(boolean newRecursive) {
        return new AttributeChange(
                owner,
                group,
                mode,
                modifiedMillis,
                accessedMillis,
                setExtendedAttributes,
                removeExtendedAttributes,
                newRecursive);
    }
}
