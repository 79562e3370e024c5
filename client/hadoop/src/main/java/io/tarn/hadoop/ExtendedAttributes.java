package io.tarn.hadoop;

import io.tarn.client.AttributeChange;
import io.tarn.client.TarnClient;
import io.tarn.protocol.error.TarnException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.PathIOException;
import org.apache.hadoop.fs.XAttrSetFlag;

/** Extended attributes, under the names that Hadoop gives them ({@code user.something}). Thread-safe. */
final class ExtendedAttributes {
    private final TarnClient client;

    ExtendedAttributes(TarnClient client) {
        this.client = client;
    }

    void set(String path, String name, byte[] value, EnumSet<XAttrSetFlag> flags) throws IOException {
        boolean exists = all(path).containsKey(name);
        if (exists && !flags.contains(XAttrSetFlag.REPLACE)) {
            throw new PathIOException(path, "extended attribute " + name + " exists, and REPLACE was not given");
        }
        if (!exists && !flags.contains(XAttrSetFlag.CREATE)) {
            throw new PathIOException(path, "no extended attribute " + name + ", and CREATE was not given");
        }
        change(path, Map.of(name, value), List.of());
    }

    byte[] get(String path, String name) throws IOException {
        byte[] value = all(path).get(name);
        if (value == null) {
            throw new PathIOException(path, "no extended attribute " + name);
        }
        return value;
    }

    Map<String, byte[]> all(String path) throws IOException {
        try {
            return new HashMap<>(client.status(path).extendedAttributes());
        } catch (TarnException e) {
            throw HadoopErrors.of(path, e);
        }
    }

    /** Those of the names that exist. */
    Map<String, byte[]> some(String path, List<String> names) throws IOException {
        Map<String, byte[]> found = all(path);
        found.keySet().retainAll(names);
        return found;
    }

    List<String> names(String path) throws IOException {
        return new ArrayList<>(all(path).keySet());
    }

    void remove(String path, String name) throws IOException {
        var unused = get(path, name);
        change(path, Map.of(), List.of(name));
    }

    private void change(String path, Map<String, byte[]> set, List<String> remove) throws IOException {
        try {
            client.setAttributes(path, new AttributeChange(null, null, null, null, null, set, remove, false));
        } catch (TarnException e) {
            throw HadoopErrors.of(path, e);
        }
    }
}
