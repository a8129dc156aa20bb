package dev.stele.postgres;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.nio.NioChannelOption;
import io.vertx.core.net.impl.NetSocketInternal;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.impl.SocketConnectionBase;
import io.vertx.sqlclient.impl.SqlConnectionInternal;
import io.vertx.sqlclient.impl.command.CommandBase;
import io.vertx.sqlclient.impl.command.CommandResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;

/**
 * Watches one connection from its own event loop, between the client and its wire form, and closes
 * it when a statement stays without an answer, or when the server says that it is read-only.
 *
 * <p>What was under way then fails as with any connection that breaks, and the pool makes another
 * one. The patience is one for all statements: who sent one and does not wait any more says nothing
 * about the connection, for that may be the sender's haste.
 */
final class ConnectionWatch extends ChannelDuplexHandler {

    private static final String NAME = "answers";

    /** What Vert.x calls its own last handler, and its limit on silence. */
    private static final String LAST = "handler";

    private static final String SILENCE = "idle";

    /** By these the kernel finds out about connections that nobody uses; the first two in s. */
    private static final int PROBED_AFTER = 30;

    private static final int PROBED_EVERY = 10;
    private static final int PROBES = 3;

    /** How often it looks, in its patience. */
    private static final int LOOKS = 10;

    private final Duration patience;
    private final ConnectionTroubles troubles;
    private int unanswered;
    private long sinceNanos;
    private boolean closing;
    private @Nullable ScheduledFuture<?> looks;

    /** Answers that came as the connection ended: whoever gets one asks for the next at once. */
    private final List<CommandResponse<?>> held = new ArrayList<>();

    private ConnectionWatch(Duration patience, ConnectionTroubles troubles) {
        this.patience = patience;
        this.troubles = troubles;
    }

    static void begin(SqlConnection connection, Duration patience, ConnectionTroubles troubles) {
        ChannelPipeline pipeline = socketOf(connection).channelHandlerContext().pipeline();
        if (pipeline.get(SILENCE) != null) {
            // It cannot tell a connection that nobody asks from one that does not answer.
            pipeline.remove(SILENCE);
        }
        pipeline.addBefore(LAST, NAME, new ConnectionWatch(patience, troubles));
    }

    /** Its socket, in a pool or not. */
    static NetSocketInternal socketOf(SqlConnection connection) {
        return ((SocketConnectionBase) ((SqlConnectionInternal) connection).unwrap().unwrap())
                .socket();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        var channel = context.channel().config();
        channel.setOption(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPIDLE), PROBED_AFTER);
        channel.setOption(
                NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPINTERVAL), PROBED_EVERY);
        channel.setOption(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPCOUNT), PROBES);
        long pause = patience.toNanos() / LOOKS;
        looks =
                context.executor()
                        .scheduleWithFixedDelay(
                                () -> look(context), pause, pause, TimeUnit.NANOSECONDS);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        if (looks != null) {
            looks.cancel(false);
        }
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise)
            throws Exception {
        if (message instanceof CommandBase<?> && unanswered++ == 0) {
            sinceNanos = System.nanoTime();
        }
        super.write(context, message, promise);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!(message instanceof CommandResponse<?> response)) {
            context.fireChannelRead(message);
            return;
        }
        unanswered = Math.max(0, unanswered - 1);
        sinceNanos = System.nanoTime();
        String state = DatabaseFailure.state(response.toAsyncResult().cause());
        if (state.equals(DatabaseFailure.READ_ONLY) && !closing) {
            close(context, "it can only be read there, as on a standby");
        }
        if (closing || !context.channel().isActive()) {
            held.add(response);
        } else {
            context.fireChannelRead(message);
        }
    }

    /** The pool forgets the connection here, and must not hand it to whoever waits before. */
    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
        super.channelInactive(context);
        held.forEach(CommandResponse::fire);
        held.clear();
    }

    private void look(ChannelHandlerContext context) {
        if (unanswered > 0 && !closing && System.nanoTime() - sinceNanos > patience.toNanos()) {
            close(context, "a statement had no answer for %d s".formatted(patience.toSeconds()));
        }
    }

    private void close(ChannelHandlerContext context, String why) {
        closing = true;
        troubles.tell(why);
        var _ = context.close();
    }
}
