package dev.stele.http;

import dev.stele.event.ContentType;
import dev.stele.http.BulkAppender.Asked;
import dev.stele.json.EventLimits;
import io.quarkus.vertx.http.runtime.RouteConstants;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import io.vertx.core.Context;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedHashMap;
import jakarta.ws.rs.core.MultivaluedMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.jaxrs.HttpHeadersImpl;

/**
 * Takes bulk loads: appends to one stream whose body has an event in each line, and no end that is
 * known beforehand. It is read as it comes, so a route takes them before the framework limits the
 * size of bodies, and gathers them.
 */
@ApplicationScoped
class BulkAppends {

    private static final Logger LOG = Logger.getLogger(BulkAppends.class);

    private static final Pattern ADDRESS = Pattern.compile("/v1/streams/([^/]+)/events");
    private static final MediaType LINES = MediaType.valueOf(BulkAnswer.MEDIA_TYPE);

    private final BulkAppender appender;
    private final EventLimits limits;
    private final HttpConfig config;
    private final OrderlyEnd end;
    private final Semaphore places;

    BulkAppends(BulkAppender appender, EventLimits limits, HttpConfig config, OrderlyEnd end) {
        this.appender = appender;
        this.limits = limits;
        this.end = end;
        this.config = config;
        this.places = new Semaphore(config.bulkLoads());
    }

    void register(@Observes Router router) {
        // Every append comes by here: the type of the body is looked at before the address.
        router.route()
                .method(HttpMethod.POST)
                .order(RouteConstants.ROUTE_ORDER_UPLOAD_LIMIT - 2)
                .handler(this::take);
    }

    private void take(RoutingContext context) {
        if (!isOfLines(context.request())) {
            context.next();
            return;
        }
        HttpHeaders headers = new HttpHeadersImpl(context.request().headers());
        Matcher address = ADDRESS.matcher(context.normalizedPath());
        if (address.matches() && !CloudEventHeaders.areIn(headers)) {
            OrderlyEnd.leaveTo(context);
            context.request().pause();
            load(context, address.group(1), headers);
        } else {
            context.next();
        }
    }

    private static boolean isOfLines(HttpServerRequest request) {
        String type = request.getHeader(HttpHeaders.CONTENT_TYPE);
        return type != null && ContentType.essence(type).equals(BulkAnswer.MEDIA_TYPE);
    }

    private void load(RoutingContext context, String stream, HttpHeaders headers) {
        HttpServerRequest request = context.request();
        BulkAnswer answer = new BulkAnswer(request.response());
        Context loop = context.vertx().getOrCreateContext();
        BulkBody body = new BulkBody(request, new BulkChunks(config, limits));
        Promise<Void> gone = Promise.promise();
        request.exceptionHandler(_ -> gone.tryComplete());
        context.addEndHandler(
                ended -> {
                    if (ended.failed()) {
                        gone.tryComplete();
                    }
                });
        Executor onLoop = task -> loop.runOnContext(_ -> task.run());
        boolean admitted = places.tryAcquire();
        if (admitted) {
            context.addEndHandler(_ -> places.release());
        }
        Cancellable load =
                Uni.createFrom()
                        .item(() -> asked(context, stream, headers, admitted))
                        .map(asked -> new BulkLoad(asked, body, answer, appender, end, onLoop))
                        .chain(BulkLoad::run)
                        // The end of the service comes from elsewhere.
                        .emitOn(onLoop)
                        .onFailure()
                        .recoverWithUni(failure -> failed(answer, failure))
                        .subscribe()
                        .with(
                                _ -> linger(context, body),
                                failure -> LOG.debug("nobody listens any more", failure));
        gone.future().onComplete(_ -> load.cancel());
    }

    private static Asked asked(
            RoutingContext context, String stream, HttpHeaders headers, boolean admitted) {
        if (!admitted) {
            throw ProblemMapper.overloaded("other bulk loads are under way; nothing was appended")
                    .asException();
        }
        MultivaluedMap<String, String> parameters = new MultivaluedHashMap<>();
        context.queryParams().forEach(parameters::add);
        Query.of(parameters);
        requireAcceptable(headers);
        if (!CodedBody.codings(context.request()).isEmpty()) {
            throw CodedBody.unknown("identity").asException();
        }
        return new Asked(
                PathNames.stream(stream),
                Preconditions.of(headers),
                IdempotencyKey.of(headers),
                TraceParent.of(headers));
    }

    private static void requireAcceptable(HttpHeaders headers) {
        boolean accepted;
        try {
            accepted = headers.getAcceptableMediaTypes().stream().anyMatch(LINES::isCompatible);
        } catch (RuntimeException _) {
            // The framework's parser throws what comes to its mind.
            accepted = false;
        }
        if (!accepted) {
            throw Problem.of(
                            ProblemType.NOT_ACCEPTABLE,
                            "a bulk load is answered as " + BulkAnswer.MEDIA_TYPE)
                    .asException();
        }
    }

    private static Uni<Void> failed(BulkAnswer answer, Throwable failure) {
        if (answer.isBroken()) {
            return Uni.createFrom().failure(failure);
        }
        Problem problem =
                failure instanceof ProblemException found
                        ? found.problem()
                        : ProblemMapper.bug(failure);
        return answer.refuse(null, problem);
    }

    /**
     * A load that was refused may leave some of its body unread. Closing the connection at once
     * could take the answer away from a sender that is still busy with sending.
     */
    private void linger(RoutingContext context, BulkBody body) {
        body.drop(CutShort.linger(context, config));
    }
}
