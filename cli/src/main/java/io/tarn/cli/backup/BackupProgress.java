package io.tarn.cli.backup;

import io.tarn.cli.Console;
import io.tarn.cli.output.Field;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.util.concurrent.TimeUnit;

/** A file that tells a person, where one watches, how much has been written to it, five times a second. For one thread. */
final class BackupProgress implements WritableByteChannel {
    private static final long REDRAW_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final FileChannel file;
    private final Console console;
    private long writtenBytes;
    private long drawnNanos = System.nanoTime();
    private boolean drawn;

    BackupProgress(FileChannel file, Console console) {
        this.file = file;
        this.console = console;
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        int count = file.write(source);
        writtenBytes += count;
        if (console.interactive() && System.nanoTime() - drawnNanos > REDRAW_NANOS) {
            drawnNanos = System.nanoTime();
            drawn = true;
            console.err().print("\r" + Field.amount(writtenBytes) + " written\u001b[K");
            console.err().flush();
        }
        return count;
    }

    @Override
    public boolean isOpen() {
        return file.isOpen();
    }

    /** Ends the line; the file is its owner's. */
    @Override
    public void close() {
        if (drawn) {
            console.err().println();
        }
    }
}
