package io.tarn.master.namespace;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import io.tarn.protocol.v1.FileStatus;

/** How answers are remembered: as the messages that they are, or as nothing where only success counts. Stateless. */
final class CallAnswers {
    static final Mutations.Answer<FileStatus> STATUS = of(FileStatus.parser());
    static final Mutations.Answer<Boolean> DONE = new Mutations.Answer<>() {
        @Override
        public ByteString encode(Boolean answer) {
            return ByteString.EMPTY;
        }

        @Override
        public Boolean decode(byte[] bytes) {
            return true;
        }
    };

    private CallAnswers() {}

    static <M extends Message> Mutations.Answer<M> of(Parser<M> parser) {
        return new Mutations.Answer<>() {
            @Override
            public ByteString encode(M answer) {
                return answer.toByteString();
            }

            @Override
            public M decode(byte[] bytes) {
                try {
                    return parser.parseFrom(bytes);
                } catch (InvalidProtocolBufferException e) {
                    throw new IllegalStateException("damaged state: a remembered answer", e);
                }
            }
        };
    }
}
