package io.tarn.protocol.ticket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.protobuf.ByteString;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.v1.SignedTicket;
import io.tarn.protocol.v1.Ticket;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

class TicketSignerTest {
    private static final byte[] KEY = "0123456789abcdef".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    private static final Ticket TICKET =
            Ticket.newBuilder().setFileId(7).setExpiresMillis(1_000).build();

    private final TicketSigner signer = new TicketSigner(KEY, at(999));

    @Test
    void acceptsItsOwn() throws TarnException {
        assertEquals(TICKET, signer.check(signer.sign(TICKET)));
    }

    @Test
    void refusesEveryFlippedBit() {
        SignedTicket signed = signer.sign(TICKET);
        byte[] bytes = signed.getTicket().toByteArray();
        for (int bit = 0; bit < bytes.length * 8; bit++) {
            byte[] forged = bytes.clone();
            forged[bit / 8] ^= (byte) (1 << bit % 8);
            SignedTicket other =
                    signed.toBuilder().setTicket(ByteString.copyFrom(forged)).build();
            assertEquals(
                    ErrorCode.PERMISSION_DENIED,
                    assertThrows(TarnException.class, () -> signer.check(other)).code());
        }
    }

    @Test
    void refusesAnotherKeyAndAnOldTicket() {
        SignedTicket signed = signer.sign(TICKET);
        TicketSigner stranger =
                new TicketSigner("fedcba9876543210".getBytes(java.nio.charset.StandardCharsets.US_ASCII), at(0));
        assertEquals(
                ErrorCode.PERMISSION_DENIED,
                assertThrows(TarnException.class, () -> stranger.check(signed)).code());
        TicketSigner later = new TicketSigner(KEY, at(1_001));
        assertEquals(
                ErrorCode.TICKET_EXPIRED,
                assertThrows(TarnException.class, () -> later.check(signed)).code());
    }

    private static InstantSource at(long millis) {
        return InstantSource.fixed(Instant.ofEpochMilli(millis));
    }
}
