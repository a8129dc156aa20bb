package dev.stele.http;

import dev.stele.log.EventLog;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.TimeoutException;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.Context;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jboss.logging.Logger;

/**
 * The end of the service as its clients see it. From the signal on, what comes is refused, and what
 * is under way is answered, each with the word that its connection ends; whoever waits for
 * something is told at once that it will not come here. Only when nothing is under way, and nobody
 * has come for a moment, does the framework close its port and what idles: none of that is heard as
 * a reset.
 *
 * <p>It takes a limited time, whoever hangs: who has not sent a whole body after {@link
 * HttpConfig#endBodies} is answered without it, and everybody else after {@link
 * HttpConfig#endTimeout}. Subscriptions end after this, and the pools of connections after them.
 */
@ApplicationScoped
class OrderlyEnd {

    private static final Logger LOG = Logger.getLogger(OrderlyEnd.class);

    /** Before whatever else looks at a request. */
    private static final int BEFORE_ALL = Admission.CROSS_ORIGIN - 2;

    /** Behind what lets a page read the refusal. */
    private static final int BEFORE_ADMISSION = Admission.FIRST - 1;

    /** Health and metrics are told to the end. */
    private static final String OPERATIONS = "/q/";

    private static final String ANSWERS_ITSELF = "stele.answers-itself";
    private static final Duration POLL = Duration.ofMillis(5);

    /** What an answer takes that needs nothing but to be written. */
    private static final Duration LAST_WORDS = Duration.ofMillis(250);

    private final EventLog log;
    private final HttpConfig config;
    private final Set<UnderWay> underWay = ConcurrentHashMap.newKeySet();
    private final Set<UniEmitter<?>> waiting = ConcurrentHashMap.newKeySet();
    private volatile boolean asked;
    private volatile boolean begun;
    private volatile long lastArrivalNanos;

    OrderlyEnd(EventLog log, HttpConfig config) {
        this.log = log;
        this.config = config;
    }

    /** A request that is not answered yet, and its event loop. */
    private record UnderWay(RoutingContext context, Context loop) {}

    void register(@Observes Router router) {
        router.route().order(BEFORE_ALL).handler(this::arrived);
        router.route().order(BEFORE_ADMISSION).handler(this::refuseLate);
    }

    /** Whether the service is about to end. */
    boolean hasBegun() {
        return begun;
    }

    /** What somebody waits for; should the service end before it comes, that is said instead. */
    <T> Uni<T> orEnd(Uni<T> awaited) {
        Uni<T> end =
                Uni.createFrom()
                        .emitter(
                                emitter -> {
                                    waiting.add(emitter);
                                    emitter.onTermination(() -> waiting.remove(emitter));
                                    if (begun) {
                                        emitter.fail(ending().asException());
                                    }
                                });
        return Uni.combine().any().of(end, awaited);
    }

    /** The request is answered in the middle of its body by whoever reads it, also at the end. */
    static void leaveTo(RoutingContext whoReads) {
        whoReads.put(ANSWERS_ITSELF, true);
    }

    private void arrived(RoutingContext context) {
        UnderWay one = new UnderWay(context, context.vertx().getOrCreateContext());
        if (!asked) {
            asked = true;
        }
        // Whose address is put right comes here twice.
        if (underWay.add(one)) {
            context.addEndHandler(_ -> answered(one));
        }
        // Looked at after it is among those under way: either this sees the end, or the end it.
        if (begun) {
            CutShort.announceClose(context.request());
            if (!isOfOperations(context)) {
                lastArrivalNanos = System.nanoTime();
            }
        }
        context.next();
    }

    private void refuseLate(RoutingContext context) {
        if (begun && !isOfOperations(context)) {
            refuse(context, ending());
        } else {
            context.next();
        }
    }

    private static boolean isOfOperations(RoutingContext context) {
        return context.request().uri().startsWith(OPERATIONS);
    }

    private void answered(UnderWay one) {
        underWay.remove(one);
        HttpServerRequest request = one.context().request();
        if (begun && !CutShort.isToCome(one.context())) {
            if (request.version() == HttpVersion.HTTP_2) {
                leave(request);
            } else if (isAnnounced(request.response())) {
                request.connection().close();
            }
        }
    }

    /** Who was not told that the connection ends may be using it again: the next answer says it. */
    private static boolean isAnnounced(HttpServerResponse response) {
        return response.headers().contains(HttpHeaders.CONNECTION, HttpHeaders.CLOSE, true);
    }

    /** No more requests over this connection of HTTP/2; it is closed when those of it are over. */
    private void leave(HttpServerRequest request) {
        request.connection().shutdown(config.endTimeout().toMillis(), TimeUnit.MILLISECONDS);
    }

    private void refuse(RoutingContext context, Problem problem) {
        if (CutShort.isToCome(context)) {
            CutShort.answer(context, problem, config);
        } else {
            CutShort.announceClose(context.request());
            Admission.refuse(context.response(), problem);
        }
    }

    private static Problem ending() {
        return ProblemMapper.overloaded("this replica ends; another one can be asked at once");
    }

    /** Before the framework closes anything. */
    void end(@Observes ShutdownDelayInitiatedEvent event) {
        long began = System.nanoTime();
        lastArrivalNanos = began;
        begun = true;
        if (!asked) {
            return;
        }
        LOG.infof("ending, with %d requests under way", underWay.size());
        underWay.forEach(each -> onLoop(each, this::announce));
        waiting.forEach(each -> each.fail(ending().asException()));
        await(this::isQuiet, config.endBodies());
        underWay.forEach(each -> onLoop(each, this::cutBody));
        await(this::isQuiet, config.endTimeout().minusNanos(System.nanoTime() - began));
        log.end();
        await(underWay::isEmpty, LAST_WORDS);
        int late = underWay.size();
        underWay.forEach(each -> onLoop(each, this::giveUp));
        await(underWay::isEmpty, LAST_WORDS);
        LOG.infof(
                "requests have ended after %d ms, %d of them unanswered until then",
                Duration.ofNanos(System.nanoTime() - began).toMillis(), late);
    }

    private boolean isQuiet() {
        return underWay.isEmpty()
                && System.nanoTime() - lastArrivalNanos >= config.endQuiet().toNanos();
    }

    private interface LastWord {
        void say(RoutingContext context);
    }

    private void onLoop(UnderWay one, LastWord word) {
        one.loop()
                .runOnContext(
                        _ -> {
                            if (underWay.contains(one)) {
                                word.say(one.context());
                            }
                        });
    }

    private void announce(RoutingContext context) {
        if (context.request().version() == HttpVersion.HTTP_2) {
            leave(context.request());
        } else {
            CutShort.announceClose(context.request());
        }
    }

    private void cutBody(RoutingContext context) {
        if (context.get(ANSWERS_ITSELF) == null
                && CutShort.isToCome(context)
                && !context.response().headWritten()) {
            refuse(
                    context,
                    ProblemMapper.overloaded(
                            "this replica ends, and the body has not come whole; nothing was"
                                    + " done"));
        }
    }

    /** What an append came to is known by now, or that it never will be: this is about the rest. */
    private void giveUp(RoutingContext context) {
        if (context.response().headWritten()) {
            CutShort.close(context.request());
        } else {
            refuse(
                    context,
                    ProblemMapper.overloaded(
                            "this replica ends, and the database does not answer; a change other"
                                    + " than an append may have been made"));
        }
    }

    private static void await(BooleanSupplier condition, Duration atMost) {
        if (atMost.isNegative() || atMost.isZero()) {
            return;
        }
        try {
            Multi.createBy()
                    .repeating()
                    .supplier(condition::getAsBoolean)
                    .withDelay(POLL)
                    .whilst(met -> !met)
                    .collect()
                    .last()
                    .await()
                    .atMost(atMost);
        } catch (TimeoutException _) {
            // Whoever calls sees to what is left.
        }
    }
}
