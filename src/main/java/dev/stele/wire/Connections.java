package dev.stele.wire;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.netty.util.concurrent.PromiseCombiner;
import io.quarkus.vertx.http.HttpServerStart;
import io.quarkus.vertx.http.HttpsServerStart;
import io.vertx.core.Vertx;
import io.vertx.core.impl.VertxInternal;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.ObservesAsync;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Has every connection that is accepted looked at. The framework offers no place before its
 * decoder, so the ports themselves are sought where connections are accepted, as soon as they are
 * open.
 */
@ApplicationScoped
class Connections {

    private static final String ACCEPTED = "stele-accepted";

    private final VertxInternal vertx;
    private final WireConfig config;

    Connections(Vertx vertx, WireConfig config) {
        this.vertx = (VertxInternal) vertx;
        this.config = config;
    }

    void opened(@ObservesAsync HttpServerStart port) {
        attach();
    }

    void opened(@ObservesAsync HttpsServerStart port) {
        attach();
    }

    private void attach() {
        EventExecutor loop = vertx.getAcceptorEventLoopGroup().next();
        loop.execute(
                () -> {
                    PromiseCombiner attached = new PromiseCombiner(loop);
                    onEach(vertx.getAcceptorEventLoopGroup(), this::attach).forEach(attached::add);
                    Promise<Void> done = loop.newPromise();
                    done.addListener(_ -> onEach(vertx.getEventLoopGroup(), this::catchUp));
                    attached.finish(done);
                });
    }

    private static List<Future<?>> onEach(EventLoopGroup group, Consumer<Channel> work) {
        List<Future<?>> done = new ArrayList<>();
        for (EventExecutor executor : group) {
            if (executor instanceof SingleThreadEventLoop loop) {
                done.add(
                        loop.submit(
                                () -> loop.registeredChannelsIterator().forEachRemaining(work)));
            }
        }
        return done;
    }

    private void attach(Channel port) {
        if (port instanceof ServerChannel && port.pipeline().get(ACCEPTED) == null) {
            port.pipeline().addFirst(ACCEPTED, new Accepted());
        }
    }

    /** One that was accepted before the port was found; if it has sent something, it is closed. */
    private void catchUp(Channel channel) {
        ChannelPipeline pipeline = channel.pipeline();
        if (channel.parent() == null || pipeline.get(FramingCheck.NAME) != null) {
            return;
        }
        if (FramingCheck.isUntouched(pipeline)) {
            pipeline.addFirst(FramingCheck.NAME, new FramingCheck(config.linger()));
        } else {
            ChannelFuture _ = channel.close();
        }
    }

    /** Sees a connection before the framework does. */
    @Sharable
    private final class Accepted extends ChannelInboundHandlerAdapter {

        @Override
        public void channelRead(ChannelHandlerContext context, Object accepted) {
            ((Channel) accepted)
                    .pipeline()
                    .addFirst(FramingCheck.NAME, new FramingCheck(config.linger()));
            context.fireChannelRead(accepted);
        }
    }
}
