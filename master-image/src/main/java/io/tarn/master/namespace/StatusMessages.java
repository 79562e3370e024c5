package io.tarn.master.namespace;

import io.tarn.master.record.Inode;
import io.tarn.protocol.id.FileVersion;
import io.tarn.protocol.id.MirroredId;
import io.tarn.protocol.v1.Backing;
import io.tarn.protocol.v1.FileStatus;
import io.tarn.protocol.v1.FileType;
import io.tarn.protocol.v1.Persistence;

/** Makes the messages that describe files and directories. Immutable. */
record StatusMessages(long blockSizeBytes) {
    FileStatus of(Node node, String path) {
        return switch (node) {
            case Node.OwnedNode owned -> of(owned.inode(), path);
            case Node.MirroredNode mirrored -> of(mirrored, path);
        };
    }

    FileStatus of(Inode inode, String path) {
        FileStatus.Builder status = FileStatus.newBuilder()
                .setPath(path)
                .setId(inode.id())
                .setType(inode.directory() ? FileType.DIRECTORY : inode.isLink() ? FileType.SYMLINK : FileType.FILE)
                .setLengthBytes(inode.lengthBytes())
                .setModifiedMillis(inode.modifiedMillis())
                .setAccessedMillis(inode.accessedMillis())
                .setOwner(inode.owner())
                .setGroup(inode.group())
                .setMode(inode.mode())
                .setBlockSizeBytes(inode.blockSizeBytes())
                .setComplete(inode.complete())
                .setPersistence(Persistence.OWNED)
                .setMountPoint(inode.isMountPoint());
        if (!inode.extendedAttributes().isEmpty()) {
            status.putAllExtendedAttributes(inode.extendedAttributes());
        }
        if (inode.isLink()) {
            status.setLinkTarget(Links.targetOf(inode)).removeExtendedAttributes(Inode.LINK);
        } else if (!inode.directory()) {
            status.setVersion(inode.version().toMessage());
        }
        return status.build();
    }

    private FileStatus of(Node.MirroredNode node, String path) {
        Long overlaidModified = node.overlay().modifiedMillis();
        Long overlaidAccessed = node.overlay().accessedMillis();
        long modified = overlaidModified == null ? node.row().modifiedMillis() : overlaidModified;
        FileStatus.Builder status = FileStatus.newBuilder()
                .setPath(path)
                .setId(MirroredId.of(node.mount().id(), node.path()))
                .setType(node.isDirectory() ? FileType.DIRECTORY : FileType.FILE)
                .setLengthBytes(node.row().lengthBytes())
                .setModifiedMillis(modified)
                .setAccessedMillis(overlaidAccessed == null ? modified : overlaidAccessed)
                .setOwner(node.owner())
                .setGroup(node.group())
                .setMode(node.mode())
                .setComplete(true)
                .setPersistence(node.row().present() ? Persistence.PERSISTED : Persistence.OWNED)
                .setBacking(Backing.newBuilder()
                        .setMountId(node.mount().id())
                        .setPath(node.path())
                        .setVersionTag(node.row().versionTag()))
                .putAllExtendedAttributes(node.overlay().extendedAttributes());
        if (!node.isDirectory()) {
            status.setBlockSizeBytes(blockSizeBytes).setVersion(versionOf(node).toMessage());
        }
        return status.build();
    }

    static FileVersion versionOf(Node.MirroredNode node) {
        return FileVersion.mirrored(node.mount().id(), node.path(), node.row().versionTag());
    }
}
