package io.tarn.master.namespace;

import io.tarn.master.record.CallKey;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.path.TarnPath;
import io.tarn.protocol.v1.Caller;

/** What all calls about a path have: who, which call, where once symbolic links are followed, and when it began. */
record Request(User user, CallKey call, TarnPath path, long startMillis) {
    /** About what a path names, a symbolic link too. */
    static Request of(NamespaceParts parts, Caller caller, String path) throws TarnException {
        return of(parts, caller, path, false);
    }

    /** About what a path leads to. */
    static Request following(NamespaceParts parts, Caller caller, String path) throws TarnException {
        return of(parts, caller, path, true);
    }

    private static Request of(NamespaceParts parts, Caller caller, String path, boolean following)
            throws TarnException {
        User user = parts.users().of(caller);
        return new Request(
                user,
                new CallKey(caller.getClientId(), caller.getCallNumber()),
                Links.follow(parts, user, TarnPath.parse(path), following),
                parts.clock().millis());
    }

    long clientId() {
        return call.clientId();
    }
}
