package dev.stele.http;

import io.vertx.ext.web.RoutingContext;

/**
 * Sees to it that a body which holds room among the large ones comes at a pace: who sends next to
 * nothing, or holds back the last byte, would keep all others out for as long as it likes. It looks
 * again and again how much has come since it looked last.
 */
final class BodyPace {

    private final RoutingContext context;
    private final HttpConfig config;
    private final long due;
    private long seen;
    private long timer;

    private BodyPace(RoutingContext context, HttpConfig config) {
        this.context = context;
        this.config = config;
        this.due = config.largeBodiesMinRate() * config.largeBodiesPatience().toMillis() / 1_000;
    }

    /** From the moment on at which the body has room; on the request's event loop. */
    static void watch(RoutingContext context, HttpConfig config) {
        BodyPace pace = new BodyPace(context, config);
        pace.seen = context.request().bytesRead();
        pace.lookLater();
        context.addEndHandler(_ -> context.vertx().cancelTimer(pace.timer));
    }

    private void lookLater() {
        timer = context.vertx().setTimer(config.largeBodiesPatience().toMillis(), _ -> look());
    }

    private void look() {
        if (!CutShort.isToCome(context) || context.response().headWritten()) {
            return;
        }
        long received = context.request().bytesRead();
        if (received - seen < Math.max(1, due)) {
            CutShort.answer(context, tooSlow(received - seen), config);
        } else {
            seen = received;
            lookLater();
        }
    }

    private Problem tooSlow(long came) {
        return Problem.of(
                        ProblemType.BODY_TOO_SLOW,
                        "a large body must bring %d bytes in %d ms, and this one brought %d;"
                                        .formatted(
                                                Math.max(1, due),
                                                config.largeBodiesPatience().toMillis(),
                                                came)
                                + " nothing was done")
                .retryAfter(1);
    }
}
