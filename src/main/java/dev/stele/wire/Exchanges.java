package dev.stele.wire;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.http.impl.headers.HeadersMultiMap;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Stands behind the framework's decoder. Counts what is asked and what is answered, so that a
 * connection on which nothing can be understood any more is closed when all before it is answered,
 * and in such a way that the sender comes to read it.
 *
 * <p>A request that could not be read is handed on as one to {@link Malformed#ADDRESS}; one whose
 * body could not is marked, and ends.
 */
// What becomes of what is written is for whoever writes it to know.
@SuppressWarnings("FutureReturnValueIgnored")
final class Exchanges extends ChannelDuplexHandler {

    static final String NAME = "stele-exchanges";

    private static final int ADDRESS_TOO_LONG = 414;
    private static final int FIELDS_TOO_LARGE = 431;
    private static final String UPGRADED = "h2c";
    private static final String SETTINGS = "HTTP2-Settings";

    /** Two bytes of a name and four of a value. */
    private static final int SETTING_BYTES = 6;

    private final Duration linger;
    private @Nullable HttpRequest current;
    private int unanswered;
    private boolean over;
    private boolean lingers;

    /**
     * Of one connection.
     *
     * @param linger see {@link WireConfig#linger}
     */
    Exchanges(Duration linger) {
        this.linger = linger;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (over) {
            ReferenceCountUtil.release(message);
        } else if (message instanceof HttpRequest request) {
            readHead(context, request);
        } else if (message instanceof HttpContent content && content.decoderResult().isFailure()) {
            content.release();
            breakOff(context, content.decoderResult().cause());
        } else {
            context.fireChannelRead(message);
        }
    }

    private void readHead(ChannelHandlerContext context, HttpRequest request) {
        unanswered++;
        if (request.decoderResult().isFailure()) {
            over = true;
            keep(context.channel(), request.decoderResult().cause());
            context.fireChannelRead(toMalformed(request.method()));
            context.fireChannelRead(LastHttpContent.EMPTY_LAST_CONTENT);
        } else {
            if (current == null && !mayBeUpgraded(request)) {
                request.headers().remove(HttpHeaderNames.UPGRADE);
            }
            current = request;
            context.fireChannelRead(request);
        }
    }

    private static HttpRequest toMalformed(HttpMethod method) {
        HttpHeaders headers = HeadersMultiMap.httpHeaders();
        headers.set(HttpHeaderNames.HOST, "localhost");
        headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        // No answer to HEAD has a body.
        return new DefaultHttpRequest(
                HttpVersion.HTTP_1_1,
                method.equals(HttpMethod.HEAD) ? HttpMethod.HEAD : HttpMethod.GET,
                Malformed.ADDRESS,
                headers);
    }

    /** What was wrong, unless {@link FramingCheck} said so. */
    private static void keep(Channel channel, Throwable cause) {
        if (Malformed.on(channel).isEmpty()) {
            found(cause).keepOn(channel);
        }
    }

    private static Malformed found(Throwable cause) {
        return switch (cause) {
            case TooLongHttpLineException _ ->
                    new Malformed(ADDRESS_TOO_LONG, "the first line is too long");
            case TooLongHttpHeaderException _ ->
                    new Malformed(FIELDS_TOO_LARGE, "the headers are too large");
            default -> Malformed.because("the request cannot be read");
        };
    }

    private void breakOff(ChannelHandlerContext context, Throwable cause) {
        over = true;
        keep(context.channel(), cause);
        if (current != null) {
            current.headers().set(Malformed.BROKEN_BODY, "");
        }
        // Whoever is answered only now has the connection closed behind the answer.
        boolean answered = unanswered == 0;
        context.fireChannelRead(LastHttpContent.EMPTY_LAST_CONTENT);
        if (answered) {
            linger(context);
        }
    }

    /**
     * Whether the framework may change to HTTP/2 for a request, which it does before the body has
     * come, and so that nobody is told to send it. Of settings that cannot be read it would answer
     * in such a way that the connection stays open and nothing more is answered.
     */
    private static boolean mayBeUpgraded(HttpRequest request) {
        HttpHeaders headers = request.headers();
        if (!headers.contains(HttpHeaderNames.UPGRADE, UPGRADED, true)) {
            return !headers.contains(HttpHeaderNames.UPGRADE)
                    || !headers.get(HttpHeaderNames.UPGRADE).contains(UPGRADED);
        }
        return !hasBody(request)
                && headers.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderNames.UPGRADE, true)
                && headers.containsValue(HttpHeaderNames.CONNECTION, SETTINGS, true)
                && headers.getAll(HttpHeaderNames.CONNECTION).size() == 1
                && areSettings(headers.getAll(SETTINGS));
    }

    private static boolean hasBody(HttpRequest request) {
        return HttpUtil.isTransferEncodingChunked(request)
                || HttpUtil.getContentLength(request, 0L) > 0
                || request.headers().contains(HttpHeaderNames.EXPECT);
    }

    private static boolean areSettings(List<String> given) {
        try {
            return given.size() == 1
                    && Base64.getUrlDecoder().decode(given.getFirst()).length % SETTING_BYTES == 0;
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (message instanceof LastHttpContent && !isProvisional(message)) {
            unanswered--;
            if (over && unanswered == 0) {
                context.write(
                        message,
                        promise.unvoid()
                                .addListener(
                                        written -> {
                                            if (written.isSuccess()) {
                                                linger(context);
                                            } else {
                                                context.close();
                                            }
                                        }));
                return;
            }
        }
        context.write(message, promise);
    }

    private static boolean isProvisional(Object message) {
        return message instanceof HttpResponse response
                && response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
    }

    @Override
    public void close(ChannelHandlerContext context, ChannelPromise promise) {
        if (over) {
            context.channel().closeFuture().addListener(_ -> promise.trySuccess());
            linger(context);
        } else {
            context.close(promise);
        }
    }

    /**
     * Closes in two steps: a connection that is closed while bytes are on their way there is reset,
     * and then the answer may be lost before it is read (RFC 9112, section 9.6).
     */
    private void linger(ChannelHandlerContext context) {
        if (lingers) {
            return;
        }
        lingers = true;
        context.channel().config().setAutoRead(true);
        // What has been written may not have been sent yet.
        context.writeAndFlush(Unpooled.EMPTY_BUFFER)
                .addListener(_ -> closeOutput(context.channel()));
        context.executor().schedule(() -> context.close(), linger.toNanos(), TimeUnit.NANOSECONDS);
    }

    private static void closeOutput(Channel channel) {
        if (channel instanceof DuplexChannel both
                && channel.pipeline().get(SslHandler.class) == null) {
            both.shutdownOutput();
        }
    }
}
