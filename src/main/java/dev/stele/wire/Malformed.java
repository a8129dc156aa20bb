package dev.stele.wire;

import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.Optional;

/**
 * What is wrong with the bytes of a request, so that it is answered and its connection closed.
 *
 * @param status of the answer
 * @param detail what is wrong, as a clause
 */
public record Malformed(int status, String detail) {

    /** Where a request goes whose head cannot be understood, whatever it asked for. */
    public static final String ADDRESS = "/malformed";

    /** Marks a request whose head was understood, and whose body could not be. */
    static final String BROKEN_BODY = "stele-broken-body";

    private static final AttributeKey<Malformed> KEY = AttributeKey.valueOf("stele.malformed");
    private static final int BAD_REQUEST = 400;
    private static final int NOT_IMPLEMENTED = 501;

    static Malformed because(String detail) {
        return new Malformed(BAD_REQUEST, detail);
    }

    static Malformed notImplemented(String detail) {
        return new Malformed(NOT_IMPLEMENTED, detail);
    }

    /** What is wrong with the last thing that came over a connection; nothing follows it. */
    static Optional<Malformed> on(Channel channel) {
        return Optional.ofNullable(channel.attr(KEY).get());
    }

    void keepOn(Channel channel) {
        channel.attr(KEY).set(this);
    }

    /** What is wrong with a request that was sent to {@link #ADDRESS}. */
    public static Optional<Malformed> head(HttpServerRequest request) {
        return request.connection() instanceof ConnectionBase connection
                ? on(connection.channel())
                : Optional.empty();
    }

    /** What is wrong with the body of a request that has ended. */
    public static Optional<Malformed> body(HttpServerRequest request) {
        return request.headers().contains(BROKEN_BODY) ? head(request) : Optional.empty();
    }
}
