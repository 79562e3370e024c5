package io.tarn.master.namespace;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;

/** POSIX permission checks. The superuser passes all of them. Stateless. */
final class Permissions {
    static final int READ = 4;
    static final int WRITE = 2;
    static final int EXECUTE = 1;
    static final int ALL_BITS = 07777;

    private static final int STICKY = 01000;

    private Permissions() {}

    static boolean allows(Node node, User user, int wanted) {
        if (user.superuser()) {
            return true;
        }
        int shift = user.name().equals(node.owner()) ? 6 : user.isIn(node.group()) ? 3 : 0;
        return (node.mode() >> shift & wanted) == wanted;
    }

    /** @throws TarnException PERMISSION_DENIED */
    static void require(Node node, User user, int wanted, String path) throws TarnException {
        if (!allows(node, user, wanted)) {
            throw new TarnException(
                    ErrorCode.PERMISSION_DENIED,
                    "user " + user.name() + " has no " + name(wanted) + " permission on " + path + " (owner "
                            + node.owner() + ", group " + node.group() + ", mode "
                            + Integer.toOctalString(node.mode()) + ")");
        }
    }

    /** Adding, removing and renaming entries needs write and execute on their directory. */
    static void requireChange(Node directory, User user, String path) throws TarnException {
        require(directory, user, WRITE | EXECUTE, path);
    }

    /** In a sticky directory only the owner of the entry or of the directory removes or renames it. */
    static void requireRemoval(Node directory, Node entry, User user, String path) throws TarnException {
        requireChange(directory, user, "the directory of " + path);
        boolean owns = user.name().equals(entry.owner()) || user.name().equals(directory.owner());
        if ((directory.mode() & STICKY) != 0 && !owns && !user.superuser()) {
            throw new TarnException(
                    ErrorCode.PERMISSION_DENIED,
                    "user " + user.name() + " may not remove or rename " + path
                            + ": its directory is sticky and both belong to others");
        }
    }

    static void requireOwner(Node node, User user, String path) throws TarnException {
        if (!user.superuser() && !user.name().equals(node.owner())) {
            throw new TarnException(
                    ErrorCode.PERMISSION_DENIED,
                    "only " + node.owner() + ", who owns " + path + ", may do this, not " + user.name());
        }
    }

    static void requireSuperuser(User user, String doing) throws TarnException {
        if (!user.superuser()) {
            throw new TarnException(
                    ErrorCode.PERMISSION_DENIED,
                    "only the superuser may " + doing + ", not " + user.name()
                            + "; see master.superuser and master.supergroup");
        }
    }

    static int checkMode(int mode) throws TarnException {
        if ((mode & ~ALL_BITS) != 0) {
            throw new TarnException(
                    ErrorCode.INVALID_ARGUMENT, "a mode has at most the bits 7777, not " + Integer.toOctalString(mode));
        }
        return mode;
    }

    private static String name(int wanted) {
        return switch (wanted) {
            case READ -> "read";
            case WRITE -> "write";
            case EXECUTE -> "execute";
            case READ | EXECUTE -> "read and execute";
            case WRITE | EXECUTE -> "write and execute";
            default -> "full";
        };
    }
}
