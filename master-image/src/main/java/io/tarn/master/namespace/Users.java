package io.tarn.master.namespace;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.v1.Caller;
import java.util.List;
import java.util.Set;

/** Who a caller is. In simple mode the user is the client's claim, as in HDFS; groups and superuser are the server's word. Safe for many threads. */
final class Users {
    private static final int MAX_NAME_LENGTH = 255;

    private final GroupResolver groups;
    private final String superuser;
    private final String supergroup;

    Users(GroupResolver groups, NamespaceConfig config) {
        this.groups = groups;
        this.superuser = config.effectiveSuperuser();
        this.supergroup = config.supergroup();
    }

    String superuser() {
        return superuser;
    }

    String supergroup() {
        return supergroup;
    }

    /** @throws TarnException UNAUTHENTICATED for a call without a user */
    User of(Caller caller) throws TarnException {
        String name = caller.getUser();
        if (name.isEmpty() || name.length() > MAX_NAME_LENGTH) {
            throw new TarnException(
                    ErrorCode.UNAUTHENTICATED, "the call names no user; set the user name in the client's settings");
        }
        List<String> found = groups.groupsOf(name);
        boolean isSuperuser = name.equals(superuser) || found.contains(supergroup);
        return new User(name, found.isEmpty() ? name : found.getFirst(), Set.copyOf(found), isSuperuser);
    }

    /** Owners and groups are names, not text. */
    static String checkName(String name, String what) throws TarnException {
        if (name.isEmpty() || name.length() > MAX_NAME_LENGTH || name.chars().anyMatch(c -> c < ' ' || c == ':')) {
            throw new TarnException(
                    ErrorCode.INVALID_ARGUMENT, "not a name of " + what + ": 1 to 255 characters without \":\"");
        }
        return name;
    }
}
