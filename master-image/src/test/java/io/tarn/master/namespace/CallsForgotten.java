package io.tarn.master.namespace;

import io.tarn.master.record.CallKey;
import io.tarn.master.record.NamespaceView;
import io.tarn.testing.simulation.Replaces;
import org.jspecify.annotations.Nullable;

/** A defect: a call that is repeated is carried out again. */
public final class CallsForgotten {
    private CallsForgotten() {}

    @Replaces(CallWindow.class)
    public static byte @Nullable [] earlier(CallWindow window, CallKey call, NamespaceView view) {
        return null;
    }
}
