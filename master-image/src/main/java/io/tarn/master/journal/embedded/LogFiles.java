package io.tarn.master.journal.embedded;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** The files of one journal's directory, by name: the seam at which tests inject faults. Reads are thread-safe. */
interface LogFiles {
    /** Where the files are, for messages. */
    String location(String name);

    List<String> names() throws IOException;

    long sizeBytes(String name) throws IOException;

    /** Reads into {@code target} from {@code position} until it is full or the file ends. */
    void read(String name, ByteBuffer target, long position) throws IOException;

    /** Makes a file of {@code sizeBytes} zeros, written out so that its blocks are allocated for good, and durable. Replaces one of that name. */
    void allocate(String name, long sizeBytes) throws IOException;

    /** Makes a small file with this content, durable. Replaces one of that name, atomically. */
    void replace(String name, byte[] content) throws IOException;

    WritableLogFile openForWriting(String name) throws IOException;

    /** Durable once {@link #forceDirectory} returns. */
    void rename(String from, String to) throws IOException;

    void delete(String name) throws IOException;

    void forceDirectory() throws IOException;

    /** One file that is being written, by one thread. */
    interface WritableLogFile extends AutoCloseable {
        void write(ByteBuffer source, long position) throws IOException;

        /** Makes what was written durable; metadata only as far as reading it back needs. */
        void force() throws IOException;

        @Override
        void close() throws IOException;
    }
}
