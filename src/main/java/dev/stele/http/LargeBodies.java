package dev.stele.http;

import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.vertx.http.runtime.RouteConstants;
import io.quarkus.vertx.http.runtime.VertxHttpConfig;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Bounds the sum of the large bodies that are under way, which are gathered in memory before they
 * are read: a handful of senders could otherwise fill it. Small bodies always pass, whatever
 * becomes of the large ones.
 *
 * <p>A request that says how long its body is takes its room beforehand; one that does not takes it
 * as the body comes ({@link UnsizedBody}). Over HTTP/2 the framework gathers such a body before
 * anybody else can: it takes the room of the largest. Who has room must use it ({@link BodyPace}).
 */
@ApplicationScoped
class LargeBodies {

    /** Behind what takes bodies of any length, and before the framework's own limit. */
    private static final int BEFORE_LIMIT = RouteConstants.ROUTE_ORDER_UPLOAD_LIMIT - 1;

    private final HttpConfig config;
    private final long max;
    private final AtomicLong bytes = new AtomicLong();

    LargeBodies(HttpConfig config, VertxHttpConfig framework) {
        this.config = config;
        this.max =
                framework
                        .limits()
                        .maxBodySize()
                        .map(MemorySize::asLongValue)
                        .orElse(Long.MAX_VALUE);
    }

    /** Behind the routes that refuse what is too large, and that take bodies as they come. */
    void register(@Observes Router router) {
        router.route().order(BEFORE_LIMIT).handler(this::refuseTooLarge);
        router.route().order(RouteConstants.ROUTE_ORDER_UPLOAD_LIMIT + 1).handler(this::admit);
    }

    /**
     * The framework would close the connection behind its answer, while the body is on its way:
     * that is a reset to the sender, who has not read the answer yet.
     */
    private void refuseTooLarge(RoutingContext context) {
        String header = context.request().getHeader(HttpHeaders.CONTENT_LENGTH);
        // The server has refused what is not a number.
        long length = header == null ? 0 : Long.parseLong(header.strip());
        if (length > max) {
            CutShort.answer(context, Problem.tooLarge("body-bytes", length, max), config);
        } else {
            context.next();
        }
    }

    private void admit(RoutingContext context) {
        HttpServerRequest request = context.request();
        String header = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        if (request.headers().contains(HttpHeaders.CONTENT_ENCODING)
                && CutShort.isBodyWanted(request)
                && CutShort.mayHaveBody(request)) {
            admitCoded(context);
        } else if (header != null) {
            admit(context, Long.parseLong(header.strip()));
        } else if (request.getHeader(HttpHeaders.TRANSFER_ENCODING) != null) {
            new UnsizedBody(context, this, config).gather();
        } else if (CutShort.isUnsizedOverHttp2(request)) {
            admit(context, Math.min(max, config.largeBodiesMaxBytes()));
        } else {
            context.next();
        }
    }

    private void admitCoded(RoutingContext context) {
        List<String> codings = CodedBody.codings(context.request());
        if (codings.isEmpty()) {
            context.request().headers().remove(HttpHeaders.CONTENT_ENCODING);
            admit(context);
        } else if (CodedBody.canDecode(codings)) {
            context.put(CodedBody.TO_COME, true);
            context.next();
        } else {
            CutShort.refuse(context, CodedBody.unknown(), config);
        }
    }

    /** Whether a body of so many bytes passes whatever becomes of the large ones. */
    boolean isSmall(long length) {
        return length <= config.eventLoopBytes();
    }

    private void admit(RoutingContext context, long length) {
        if (isSmall(length)) {
            context.next();
        } else if (tryTake(length, length)) {
            context.addEndHandler(_ -> giveBack(length));
            BodyPace.watch(context, config);
            context.next();
        } else {
            Admission.refuse(context.response(), full());
        }
    }

    /**
     * Takes room for so many bytes of a body, if there is any. A single body goes alone, however
     * large it is.
     *
     * @param length of the body, as far as it is known
     */
    boolean tryTake(long more, long length) {
        long taken = bytes.addAndGet(more);
        if (taken > config.largeBodiesMaxBytes() && taken > length) {
            bytes.addAndGet(-more);
            return false;
        }
        return true;
    }

    /** Most bytes of a body. */
    long largest() {
        return max;
    }

    void giveBack(long taken) {
        bytes.addAndGet(-taken);
    }

    static Problem full() {
        return ProblemMapper.overloaded(
                "other large bodies are under way; smaller ones are still taken");
    }
}
