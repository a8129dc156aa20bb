package dev.stele.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.AbstractSniHandler;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * Stands before the framework's decoder, and hands the bytes of a connection on for as long as they
 * are framed in one way only. At the first byte that is not, the decoder is given something that it
 * refuses, too, so that both agree where it ended; what follows is dropped.
 *
 * <p>The decoder that a framework of 2026 has takes the word of {@code Transfer-Encoding} against
 * {@code Content-Length}, lets the size of a chunk overflow, joins lines that begin with a blank,
 * and knows no coding but {@code chunked} (adr/0020).
 */
final class FramingCheck extends ChannelInboundHandlerAdapter {

    static final String NAME = "stele-framing";

    /** The names that the framework gives to its own. */
    private static final String ENCODER = "httpEncoder";

    private static final String LAST = "handler";

    /** How a connection of HTTP/2 begins (RFC 9113, section 3.4). */
    private static final byte[] HTTP_2 =
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    /** An empty line, which a server passes over: the framework sees that this is HTTP/1. */
    private static final byte[] NOTHING = {Octets.CR, Octets.LF};

    /** Neither a line, nor the end of one, nor of a chunk, whatever came before it. */
    private static final byte[] NONSENSE = {'x', Octets.LF};

    private final Duration linger;
    private final RequestFraming framing = new RequestFraming();
    private boolean begun;
    private boolean broken;

    /** How many bytes of {@link #HTTP_2} have come, and nothing else. */
    private int matched;

    /**
     * Of one connection.
     *
     * @param linger see {@link WireConfig#linger}
     */
    FramingCheck(Duration linger) {
        this.linger = linger;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (broken || !(message instanceof ByteBuf bytes)) {
            ReferenceCountUtil.release(message);
        } else if (begun) {
            check(context, bytes);
        } else if (isEncrypted(context.pipeline())) {
            moveBehind(context, bytes);
        } else {
            begin(context, bytes);
        }
    }

    /** Whether nothing has come yet over a connection, and nothing will that is encrypted. */
    static boolean isUntouched(ChannelPipeline pipeline) {
        return pipeline.context(ENCODER) == null
                && pipeline.context(LAST) == null
                && !decrypts(pipeline);
    }

    private static boolean isEncrypted(ChannelPipeline pipeline) {
        return pipeline.first() instanceof FramingCheck && decrypts(pipeline);
    }

    private static boolean decrypts(ChannelPipeline pipeline) {
        return pipeline.get(SslHandler.class) != null
                || pipeline.get(AbstractSniHandler.class) != null;
    }

    /** What comes over TLS is looked at when it is decrypted. */
    private void moveBehind(ChannelHandlerContext context, ByteBuf bytes) {
        ChannelPipeline pipeline = context.pipeline();
        pipeline.remove(NAME);
        pipeline.addLast(NAME, new FramingCheck(linger));
        pipeline.fireChannelRead(bytes);
    }

    private void begin(ChannelHandlerContext context, ByteBuf bytes) {
        int offset = 0;
        while (offset < bytes.readableBytes()
                && matched < HTTP_2.length
                && bytes.getByte(bytes.readerIndex() + offset) == HTTP_2[matched]) {
            offset++;
            matched++;
        }
        if (matched < HTTP_2.length && offset == bytes.readableBytes()) {
            bytes.release();
            return;
        }
        ByteBuf all = withMatched(bytes, offset);
        if (matched == HTTP_2.length) {
            context.pipeline().remove(this);
            context.fireChannelRead(all);
        } else {
            begun = true;
            attach(context);
            check(context, all);
        }
    }

    /** What came before, and was the beginning of HTTP/2, with what comes now. */
    private ByteBuf withMatched(ByteBuf bytes, int offset) {
        int before = matched - offset;
        return before == 0
                ? bytes
                : Unpooled.wrappedBuffer(Unpooled.copiedBuffer(HTTP_2, 0, before), bytes);
    }

    private void attach(ChannelHandlerContext context) {
        ChannelPipeline pipeline = context.pipeline();
        if (pipeline.context(ENCODER) == null) {
            context.fireChannelRead(Unpooled.copiedBuffer(NOTHING));
        }
        if (pipeline.context(ENCODER) != null) {
            pipeline.addAfter(ENCODER, Exchanges.NAME, new Exchanges(linger));
        }
    }

    private void check(ChannelHandlerContext context, ByteBuf bytes) {
        int end = framing.read(bytes);
        Malformed flaw = framing.flaw();
        if (flaw == null) {
            context.fireChannelRead(bytes);
            return;
        }
        broken = true;
        flaw.keepOn(context.channel());
        bytes.writerIndex(end);
        context.fireChannelRead(Unpooled.wrappedBuffer(bytes, Unpooled.copiedBuffer(NONSENSE)));
    }
}
