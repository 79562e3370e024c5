package io.tarn.cli.output;

import java.io.IOException;

/** Nobody reads the output any more; a command stops without a word. */
public final class BrokenPipeException extends IOException {
    private static final long serialVersionUID = 1;

    public BrokenPipeException() {
        super("nobody reads the output");
    }
}
