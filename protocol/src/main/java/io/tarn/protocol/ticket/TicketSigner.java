package io.tarn.protocol.ticket;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.v1.Receipt;
import io.tarn.protocol.v1.SignedReceipt;
import io.tarn.protocol.v1.SignedTicket;
import io.tarn.protocol.v1.Ticket;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.InstantSource;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signs and checks tickets and receipts with HMAC-SHA256 under the cluster's ticket key. Safe for use by several threads. */
public final class TicketSigner {
    private static final String ALGORITHM = "HmacSHA256";

    private final SecretKeySpec key;
    private final InstantSource clock;

    /** @param key at least 16 secret bytes */
    public TicketSigner(byte[] key, InstantSource clock) {
        if (key.length < 16) {
            throw new IllegalArgumentException("a ticket key has at least 16 bytes, this one " + key.length);
        }
        this.key = new SecretKeySpec(key, ALGORITHM);
        this.clock = clock;
    }

    public SignedTicket sign(Ticket ticket) {
        ByteString bytes = ticket.toByteString();
        return SignedTicket.newBuilder()
                .setTicket(bytes)
                .setSignature(mac(bytes))
                .build();
    }

    public SignedReceipt sign(Receipt receipt) {
        ByteString bytes = receipt.toByteString();
        return SignedReceipt.newBuilder()
                .setReceipt(bytes)
                .setSignature(mac(bytes))
                .build();
    }

    /** @throws TarnException PERMISSION_DENIED for a forged ticket, TICKET_EXPIRED for an old one */
    public Ticket check(SignedTicket signed) throws TarnException {
        return check(signed, 0);
    }

    /** @param graceMillis for so long an old ticket is taken, too */
    public Ticket check(SignedTicket signed, long graceMillis) throws TarnException {
        requireSignature(signed.getTicket(), signed.getSignature(), "ticket");
        try {
            Ticket ticket = Ticket.parseFrom(signed.getTicket());
            requireInTime(ticket.getExpiresMillis() + graceMillis, "ticket");
            return ticket;
        } catch (InvalidProtocolBufferException e) {
            throw new TarnException(ErrorCode.MALFORMED, "a ticket that cannot be parsed", e);
        }
    }

    /** @throws TarnException PERMISSION_DENIED for a forged receipt, TICKET_EXPIRED for an old one */
    public Receipt check(SignedReceipt signed) throws TarnException {
        requireSignature(signed.getReceipt(), signed.getSignature(), "receipt");
        try {
            Receipt receipt = Receipt.parseFrom(signed.getReceipt());
            requireInTime(receipt.getExpiresMillis(), "receipt");
            return receipt;
        } catch (InvalidProtocolBufferException e) {
            throw new TarnException(ErrorCode.MALFORMED, "a receipt that cannot be parsed", e);
        }
    }

    private void requireSignature(ByteString bytes, ByteString signature, String what) throws TarnException {
        if (!MessageDigest.isEqual(mac(bytes).toByteArray(), signature.toByteArray())) {
            throw new TarnException(
                    ErrorCode.PERMISSION_DENIED, "a " + what + " that this cluster did not sign; open the file again");
        }
    }

    private void requireInTime(long expiresMillis, String what) throws TarnException {
        if (clock.millis() > expiresMillis) {
            throw new TarnException(ErrorCode.TICKET_EXPIRED, "the " + what + " has expired; open the file again");
        }
    }

    private ByteString mac(ByteString bytes) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            mac.update(bytes.asReadOnlyByteBuffer());
            return ByteString.copyFrom(mac.doFinal());
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every JDK has " + ALGORITHM, e);
        }
    }
}
