package io.tarn.master.namespace;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.path.TarnPath;
import org.jspecify.annotations.Nullable;

/** POSIX's rules of what may be renamed to what. Stateless. */
final class RenameRules {
    private RenameRules() {}

    /** What the names alone forbid. */
    static void checkNames(TarnPath source, TarnPath target) throws TarnException {
        if (source.isRoot() || target.isRoot()) {
            throw new TarnException(ErrorCode.INVALID_ARGUMENT, "the root cannot be renamed or replaced");
        }
        if (!source.equals(target) && target.startsWith(source)) {
            throw new TarnException(ErrorCode.INVALID_ARGUMENT, source + " cannot be moved into itself, to " + target);
        }
    }

    /** What stands at both ends, after all checks. */
    record Ends(Node source, Node targetDirectory, @Nullable Node replaced) {}

    static Ends check(Resolver resolver, Walk source, Walk target, boolean overwrite) throws TarnException {
        Node node = source.require();
        Writability.requireNoMountBelow(resolver.mounts(), source.path(), "rename");
        Writability.requireNoMountBelow(resolver.mounts(), target.path(), "replace");
        if (!target.deepest().isDirectory() && !target.isComplete()) {
            throw new TarnException(ErrorCode.NOT_A_DIRECTORY, target.path() + " would be below a file");
        }
        Permissions.requireRemoval(
                source.directory(), node, resolver.user(), source.path().toString());
        Node directory = target.directory();
        if (!target.isComplete()) {
            Permissions.requireChange(
                    directory, resolver.user(), target.path().parent().toString());
            return new Ends(node, directory, null);
        }
        Node replaced = target.deepest();
        if (!overwrite) {
            throw new TarnException(
                    ErrorCode.ALREADY_EXISTS, target.path() + " exists; overwrite it, or choose another");
        }
        Permissions.requireRemoval(
                directory, replaced, resolver.user(), target.path().toString());
        checkKinds(resolver, node, replaced, target.path());
        return new Ends(node, directory, replaced);
    }

    private static void checkKinds(Resolver resolver, Node source, Node replaced, TarnPath target)
            throws TarnException {
        if (replaced.isDirectory() && !source.isDirectory()) {
            throw new TarnException(ErrorCode.IS_A_DIRECTORY, target + " is a directory; a file cannot replace it");
        }
        if (!replaced.isDirectory() && source.isDirectory()) {
            throw new TarnException(ErrorCode.NOT_A_DIRECTORY, target + " is a file; a directory cannot replace it");
        }
        if (replaced.isDirectory() && !emptyOrMiss(resolver, replaced)) {
            throw new TarnException(
                    ErrorCode.DIRECTORY_NOT_EMPTY, target + " is not empty; a directory replaces only an empty one");
        }
    }

    private static boolean emptyOrMiss(Resolver resolver, Node directory) throws TarnException {
        return Deletion.isEmpty(resolver, directory);
    }
}
