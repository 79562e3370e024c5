package io.tarn.master.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tarn.master.state.Format;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** Which records belong to which format, and what a release does with one that it does not know. */
class RecordCodecTest {
    private static final Record RAISED = new Record.FormatRaised(2);

    private final RecordCodec codec = new RecordCodec();
    private final RecordCodec older = new RecordCodec(Format.FIRST);

    @Test
    void recordsFromBeforeFormatsWereCountedAreOfTheFirst() throws TarnException {
        Record last = new Record.WorkerLeaving(1, true);
        assertEquals(Format.FIRST, codec.formatOf(last));
        assertEquals(last, older.decode(ByteBuffer.wrap(codec.encode(last))));
    }

    @Test
    void theRaiseIsTheFirstRecordOfItsFormat() throws TarnException {
        assertEquals(2, codec.formatOf(RAISED));
        assertEquals(3, codec.formatOf(new Record.FormatRaised(3)));
        assertEquals(RAISED, codec.decode(ByteBuffer.wrap(codec.encode(RAISED))));
    }

    @Test
    void aReleaseThatDoesNotKnowARecordSaysWhatToDo() {
        byte[] unknown = {120, 1};
        byte[] later = codec.encode(new Record.FormatRaised(Format.NEWEST + 1));
        refuses(codec, unknown, "a record of type 120");
        refuses(codec, later, "format " + (Format.NEWEST + 1));
        refuses(older, codec.encode(RAISED), "a record of type 41");
    }

    private static void refuses(RecordCodec reader, byte[] record, String what) {
        TarnException refusal = assertThrows(TarnException.class, () -> reader.decode(ByteBuffer.wrap(record)));
        assertEquals(ErrorCode.UNSUPPORTED, refusal.code());
        assertTrue(refusal.getMessage().contains(what), refusal.getMessage());
        assertTrue(refusal.getMessage().contains("start the release that wrote it"), refusal.getMessage());
    }
}
