package io.tarn.master.namespace;

import io.tarn.master.record.CallKey;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.path.TarnPath;
import io.tarn.protocol.v1.Caller;

/** What all calls about a path have: who, which call, where, and when it began. */
record Request(User user, CallKey call, TarnPath path, long startMillis) {
    static Request of(NamespaceParts parts, Caller caller, String path) throws TarnException {
        return new Request(
                parts.users().of(caller),
                new CallKey(caller.getClientId(), caller.getCallNumber()),
                TarnPath.parse(path),
                parts.clock().millis());
    }

    long clientId() {
        return call.clientId();
    }
}
