package io.tarn.master.rpc;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.tarn.protocol.error.GrpcErrors;
import io.tarn.protocol.v1.AdminServiceGrpc;
import io.tarn.protocol.v1.Caller;
import io.tarn.protocol.v1.FileSystemServiceGrpc;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A line for each call of a client, when it has been answered: who, from where, what, on which paths, and what came of it. Lines go to the logger {@code io.tarn.audit}. Safe for many
 * threads.
 */
final class AuditLog implements ServerInterceptor {
    private static final Logger LOG = LoggerFactory.getLogger("io.tarn.audit");
    private static final Set<String> CLIENTS =
            Set.of(FileSystemServiceGrpc.SERVICE_NAME, AdminServiceGrpc.SERVICE_NAME);
    private static final Set<String> READS = Set.of(
            "GetStatus",
            "List",
            "Open",
            "GetQuotas",
            "ListMounts",
            "GetClusterInfo",
            "ListMasters",
            "CheckUp",
            "RenewLeases");
    private static final List<String> PATHS = List.of("path", "source", "target", "store_uri", "file_id", "address");

    private final AuditExtent extent;

    AuditLog(AuditExtent extent) {
        this.extent = extent;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        String method = String.valueOf(call.getMethodDescriptor().getBareMethodName());
        boolean noted = CLIENTS.contains(call.getMethodDescriptor().getServiceName())
                && (extent == AuditExtent.ALL || (extent == AuditExtent.CHANGES && !READS.contains(method)));
        if (!noted) {
            return next.startCall(call, headers);
        }
        Noted<Q, A> watched = new Noted<>(call, method);
        return new SimpleForwardingServerCallListener<>(next.startCall(watched, headers)) {
            @Override
            public void onMessage(Q message) {
                watched.request = message;
                super.onMessage(message);
            }
        };
    }

    /** A call that is noted when it ends. */
    private static final class Noted<Q, A> extends SimpleForwardingServerCall<Q, A> {
        private final String method;
        private volatile @Nullable Q request;

        Noted(ServerCall<Q, A> call, String method) {
            super(call);
            this.method = method;
        }

        @Override
        public void close(Status status, Metadata trailers) {
            super.close(status, trailers);
            StringBuilder line = new StringBuilder("call=").append(method);
            if (request instanceof Message message) {
                describe(message, line);
            }
            SocketAddress peer = getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
            String from = peer instanceof InetSocketAddress internet
                    ? internet.getAddress().getHostAddress()
                    : "local";
            LOG.info("{} from={} result={}", line, from, result(status, trailers));
        }

        private static String result(Status status, Metadata trailers) {
            return status.isOk()
                    ? "OK"
                    : GrpcErrors.decode(status.asException(trailers)).code().name();
        }
    }

    /** Line breaks and quotes in names must not look like another line's. */
    private static void describe(Message message, StringBuilder line) {
        for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
            if (!field.isRepeated() && message.getField(field) instanceof Caller caller) {
                line.append(" user=").append(quoted(caller.getUser()));
            } else if (PATHS.contains(field.getName())) {
                line.append(' ')
                        .append(field.getName())
                        .append('=')
                        .append(quoted(String.valueOf(message.getField(field))));
            }
        }
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.chars().forEach(character -> {
            if (character == '"' || character == '\\') {
                quoted.append('\\').append((char) character);
            } else if (character < ' ' || character == 0x7f) {
                quoted.append(String.format("\\u%04x", character));
            } else {
                quoted.append((char) character);
            }
        });
        return quoted.append('"').toString();
    }
}
