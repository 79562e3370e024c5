package io.tarn.worker.server;

import io.netty.channel.ChannelHandlerContext;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.frame.Frame;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does what may wait on another thread and comes back to the connection's event loop with the result. */
final class OffLoop {
    private static final Logger log = LoggerFactory.getLogger(OffLoop.class);

    private final ChannelHandlerContext context;
    private final Executor threads;
    private final Connection connection;

    OffLoop(ChannelHandlerContext context, Executor threads, Connection connection) {
        this.context = context;
        this.threads = threads;
        this.connection = connection;
    }

    /** Work that may block. */
    interface Work<T> {
        T run() throws TarnException;
    }

    /**
     * Runs {@code work} elsewhere, then one of the others on the event loop; the request counts as worked on until then.
     *
     * @param failed called before the error is sent
     */
    <T> void run(long requestId, Work<T> work, Consumer<T> done, Runnable failed) {
        connection.taken();
        threads.execute(() -> {
            try {
                T result = work.run();
                back(() -> done.accept(result));
            } catch (TarnException e) {
                back(() -> fail(requestId, e, failed));
            } catch (RuntimeException | Error e) {
                log.error("unexpected failure of a request", e);
                TarnException failure = new TarnException(ErrorCode.INTERNAL, "unexpected failure: " + e, e);
                back(() -> fail(requestId, failure, failed));
            }
        });
    }

    private void fail(long requestId, TarnException failure, Runnable failed) {
        failed.run();
        context.write(Frame.error(requestId, failure));
    }

    private void back(Runnable step) {
        context.executor().execute(() -> {
            step.run();
            connection.answered();
            context.flush();
        });
    }
}
