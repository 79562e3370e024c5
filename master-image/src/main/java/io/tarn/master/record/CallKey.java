package io.tarn.master.record;

import io.tarn.protocol.error.TarnException;

/**
 * Which call of which client asked for a change; the same change is made once.
 *
 * @param clientId 0: the caller does not want its calls remembered
 */
public record CallKey(long clientId, long callNumber) {
    public static final CallKey NONE = new CallKey(0, 0);

    public boolean isRemembered() {
        return clientId != 0 && callNumber != 0;
    }

    void write(FieldWriter out) {
        out.fixed64(clientId).varint(callNumber);
    }

    static CallKey read(FieldReader in) throws TarnException {
        return new CallKey(in.fixed64(), in.varint());
    }
}
