package dev.stele.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import java.util.Set;

/**
 * Answers a request in the middle of its body. What its sender still sends is dropped for a while,
 * so that it comes to read the answer; then the connection is closed.
 */
final class CutShort {

    private static final Set<HttpMethod> WITH_BODIES =
            Set.of(HttpMethod.POST, HttpMethod.PUT, HttpMethod.PATCH);
    private static final String NONE = "0";
    private static final long NO_ERROR = 0;

    private CutShort() {}

    /** On the event loop of a request of which more {@link #isToCome}. */
    static void answer(RoutingContext context, Problem problem, HttpConfig config) {
        HttpServerRequest request = context.request();
        // Whoever gathers the body must not find it whole after this.
        request.handler(_ -> {});
        announceClose(request);
        Admission.refuse(context.response(), problem);
        Runnable end = linger(context, config);
        request.endHandler(
                _ -> {
                    end.run();
                    close(request);
                });
        request.resume();
    }

    /**
     * Closes the connection of a request that was answered in the middle of its body when nothing
     * has come for a while, or too much. Returned is what ends the watch, when the body has ended.
     */
    static Runnable linger(RoutingContext context, HttpConfig config) {
        Lingering lingering = new Lingering(context, config);
        lingering.lookLater();
        return lingering::end;
    }

    /** Waits for as long as something comes, within bounds, and then closes. */
    private static final class Lingering {

        private final RoutingContext context;
        private final long patience;
        private final long last;
        private long seen;
        private long timer;

        Lingering(RoutingContext context, HttpConfig config) {
            this.context = context;
            this.patience = config.bulkLinger().toMillis();
            this.last = System.nanoTime() + config.bulkLingerMax().toNanos();
            this.seen = context.request().bytesRead();
        }

        void lookLater() {
            timer = context.vertx().setTimer(patience, _ -> look());
        }

        private void look() {
            long come = context.request().bytesRead();
            if (come == seen || System.nanoTime() - last > 0) {
                close(context.request());
            } else {
                seen = come;
                lookLater();
            }
        }

        void end() {
            context.vertx().cancelTimer(timer);
        }
    }

    /** Answers a request of which more may be to come, or not. */
    static void refuse(RoutingContext context, Problem problem, HttpConfig config) {
        if (isToCome(context)) {
            answer(context, problem, config);
        } else {
            Admission.refuse(context.response(), problem);
        }
    }

    /** Whether a request has a body of which not all has come. */
    static boolean isToCome(RoutingContext context) {
        // A request that is paused does not know that it has ended, but then its body was kept.
        return mayHaveBody(context.request())
                && !context.request().isEnded()
                && context.body().buffer() == null;
    }

    static boolean mayHaveBody(HttpServerRequest request) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        if (length != null) {
            return !length.strip().equals(NONE);
        }
        return request.getHeader(HttpHeaders.TRANSFER_ENCODING) != null
                || isUnsizedOverHttp2(request);
    }

    /** Whether anything is done with a body; that of another method is read, and ignored. */
    static boolean isBodyWanted(HttpServerRequest request) {
        return WITH_BODIES.contains(request.method());
    }

    /** Whether a request of HTTP/2 may have a body of which nobody said how long it is. */
    static boolean isUnsizedOverHttp2(HttpServerRequest request) {
        return request.version() == HttpVersion.HTTP_2
                && isBodyWanted(request)
                && request.getHeader(HttpHeaders.CONTENT_LENGTH) == null;
    }

    /** Says that there is no request after this one. HTTP/2 has other means. */
    static void announceClose(HttpServerRequest request) {
        if (request.version() != HttpVersion.HTTP_2 && !request.response().headWritten()) {
            request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        }
    }

    /** Ends what a sender that was answered still sends. */
    static void close(HttpServerRequest request) {
        if (request.version() == HttpVersion.HTTP_2) {
            request.response().reset(NO_ERROR);
        } else {
            request.connection().close();
        }
    }
}
