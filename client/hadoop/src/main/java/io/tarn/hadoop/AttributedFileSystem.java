package io.tarn.hadoop;

import io.tarn.client.AttributeChange;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.ContentSummary;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.QuotaUsage;
import org.apache.hadoop.fs.XAttrSetFlag;
import org.apache.hadoop.fs.permission.FsPermission;
import org.jspecify.annotations.Nullable;

/** What is known of files and directories beside names and bytes: owners, modes, times, extended attributes, quotas, symbolic links. Thread-safe. */
abstract class AttributedFileSystem extends ConnectedFileSystem {
    @Override
    public void setPermission(Path path, FsPermission permission) throws IOException {
        change(path, AttributeChange.NONE.withMode(permission.toShort()));
    }

    @Override
    public void setOwner(Path path, @Nullable String owner, @Nullable String group) throws IOException {
        change(path, AttributeChange.NONE.withOwner(owner, group));
    }

    /** A time of -1 stays as it is. */
    @Override
    public void setTimes(Path path, long modifiedMillis, long accessedMillis) throws IOException {
        change(
                path,
                AttributeChange.NONE.withTimes(
                        modifiedMillis < 0 ? null : modifiedMillis, accessedMillis < 0 ? null : accessedMillis));
    }

    private void change(Path path, AttributeChange change) throws IOException {
        countWrite();
        String name = name(path);
        call(name, () -> client().setAttributes(name, change));
    }

    @Override
    public void setXAttr(Path path, String name, byte[] value, EnumSet<XAttrSetFlag> flags) throws IOException {
        mounted().attributes().set(name(path), name, value, flags);
    }

    @Override
    public byte[] getXAttr(Path path, String name) throws IOException {
        return mounted().attributes().get(name(path), name);
    }

    @Override
    public Map<String, byte[]> getXAttrs(Path path) throws IOException {
        return mounted().attributes().all(name(path));
    }

    @Override
    public Map<String, byte[]> getXAttrs(Path path, List<String> names) throws IOException {
        return mounted().attributes().some(name(path), names);
    }

    @Override
    public List<String> listXAttrs(Path path) throws IOException {
        return mounted().attributes().names(name(path));
    }

    @Override
    public void removeXAttr(Path path, String name) throws IOException {
        mounted().attributes().remove(name(path), name);
    }

    @Override
    public ContentSummary getContentSummary(Path path) throws IOException {
        countRead();
        String name = name(path);
        return mounted().listings().summary(name, mounted().quotas().of(name));
    }

    /** Of a directory with a quota what counts, which is what Tarn itself owns; of any other its content summary. */
    @Override
    public QuotaUsage getQuotaUsage(Path path) throws IOException {
        QuotaUsage usage = mounted().quotas().usage(name(path));
        return usage == null ? getContentSummary(path) : usage;
    }

    /** As {@code HdfsConstants} say: -1 removes a limit, {@code Long.MAX_VALUE} leaves it. */
    @Override
    public void setQuota(Path path, long maxInodes, long maxBytes) throws IOException {
        countWrite();
        mounted().quotas().set(name(path), maxInodes, maxBytes);
    }

    @Override
    public boolean supportsSymlinks() {
        return true;
    }

    @Override
    public void createSymlink(Path target, Path link, boolean createParent) throws IOException {
        countWrite();
        checkPath(target);
        mounted().links().create(name(link), target.toUri().getPath(), createParent);
    }

    @Override
    public FileStatus getFileLinkStatus(Path path) throws IOException {
        countRead();
        return SymbolicLinks.qualified(status(mounted().links().status(name(path))), getUri());
    }

    @Override
    public Path getLinkTarget(Path path) throws IOException {
        return mounted().links().target(name(path));
    }
}
