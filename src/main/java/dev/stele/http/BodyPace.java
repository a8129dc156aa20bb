package dev.stele.http;

import io.vertx.ext.web.RoutingContext;
import java.time.Duration;

/**
 * Sees to it that a body which holds room among the large ones comes at a pace: who sends next to
 * nothing would keep all others out for as long as it likes.
 */
final class BodyPace {

    private final RoutingContext context;
    private final HttpConfig config;
    private final long begun = System.nanoTime();
    private long timer;

    private BodyPace(RoutingContext context, HttpConfig config) {
        this.context = context;
        this.config = config;
    }

    /** From the moment on at which the body has room; on the request's event loop. */
    static void watch(RoutingContext context, HttpConfig config) {
        BodyPace pace = new BodyPace(context, config);
        pace.lookAfter(config.largeBodiesPatience());
        context.addEndHandler(_ -> context.vertx().cancelTimer(pace.timer));
    }

    private void lookAfter(Duration time) {
        timer = context.vertx().setTimer(Math.max(1, time.toMillis()), _ -> look());
    }

    private void look() {
        if (!CutShort.isToCome(context) || context.response().headWritten()) {
            return;
        }
        long received = context.request().bytesRead();
        Duration left = allowed(received).minusNanos(System.nanoTime() - begun);
        if (left.isPositive()) {
            lookAfter(left);
        } else {
            CutShort.answer(context, tooSlow(received), config.bulkLinger());
        }
    }

    private Duration allowed(long received) {
        long millis = Math.multiplyExact(received, 1_000L) / config.largeBodiesMinRate();
        return config.largeBodiesPatience().plusMillis(millis);
    }

    private Problem tooSlow(long received) {
        return Problem.of(
                        ProblemType.BODY_TOO_SLOW,
                        "%d bytes have come in %d s: a large body may pause for %d s in all, and must"
                                        .formatted(
                                                received,
                                                Duration.ofNanos(System.nanoTime() - begun)
                                                        .toSeconds(),
                                                config.largeBodiesPatience().toSeconds())
                                + " bring %d bytes/s otherwise; nothing was done"
                                        .formatted(config.largeBodiesMinRate()))
                .retryAfter(1);
    }
}
