package io.tarn.master.etcd;

import io.etcd.jetcd.ByteSequence;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** The keys of one cluster, all below its prefix; docs/design/etcd.md lists them. Stateless. */
public final class EtcdKeys {
    private static final int SEQUENCE_DIGITS = 16;
    private static final String MEMBERS = "members/";

    private final String prefix;

    EtcdKeys(String prefix) {
        this.prefix = prefix;
    }

    /** Who leads. */
    public ByteSequence leader() {
        return key("leader");
    }

    /** Who alone may lead next, for a moment, after a leader has handed over; its value is an address. */
    public ByteSequence successor() {
        return key("successor");
    }

    /** Where the history begins, if a restore has begun it: see {@link HistoryStart}. */
    ByteSequence historyStart() {
        return key("restored");
    }

    /** Before all of them. */
    ByteSequence all() {
        return key("");
    }

    /** A member that takes part in the election, on its lease; its value is the newest format that it reads, in decimal digits. */
    public ByteSequence member(String address) {
        return key(MEMBERS + address);
    }

    /** Before each member's key. */
    public ByteSequence members() {
        return key(MEMBERS);
    }

    /** The address in a member's key. */
    public String memberAddress(ByteSequence memberKey) {
        return memberKey.toString(StandardCharsets.UTF_8).substring(prefix.length() + MEMBERS.length());
    }

    /** How far a member's durable state goes, in decimal digits. */
    public ByteSequence flushed(String member) {
        return key("flushed/" + member);
    }

    /** Before the key of each member's durable state. */
    public ByteSequence flushed() {
        return key("flushed/");
    }

    /** Before each batch's key. */
    public ByteSequence batches() {
        return key("journal/");
    }

    /** One batch of the journal; keys sort as sequences do. */
    public ByteSequence batch(long sequence) {
        return key("journal/" + HexFormat.of().toHexDigits(sequence));
    }

    /** After the last batch that there can be. */
    public ByteSequence endOfBatches() {
        return key("journal0"); // '0' follows '/'
    }

    /** The sequence in a batch's key. */
    public static long sequence(ByteSequence batchKey) {
        String key = batchKey.toString(StandardCharsets.UTF_8);
        return HexFormat.fromHexDigitsToLong(key.substring(key.length() - SEQUENCE_DIGITS));
    }

    private ByteSequence key(String name) {
        return ByteSequence.from(prefix + name, StandardCharsets.UTF_8);
    }
}
