package dev.stele.http;

import io.quarkus.vertx.http.runtime.RouteConstants;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Bounds the sum of the large bodies that are under way, which are gathered in memory before they
 * are read: a handful of senders could otherwise fill it. Small bodies always pass, whatever
 * becomes of the large ones.
 *
 * <p>It goes by what a request says of its length. A body in chunks says nothing and passes.
 */
@ApplicationScoped
class LargeBodies {

    private final HttpConfig config;
    private final AtomicLong bytes = new AtomicLong();

    LargeBodies(HttpConfig config) {
        this.config = config;
    }

    /** Behind the routes that refuse what is too large, and that take bodies as they come. */
    void register(@Observes Router router) {
        router.route().order(RouteConstants.ROUTE_ORDER_UPLOAD_LIMIT + 1).handler(this::admit);
    }

    private void admit(RoutingContext context) {
        long length = length(context.request().getHeader(HttpHeaders.CONTENT_LENGTH));
        if (length <= config.eventLoopBytes()) {
            context.next();
        } else if (tryTake(length)) {
            context.addEndHandler(_ -> bytes.addAndGet(-length));
            context.next();
        } else {
            Admission.refuse(
                    context.response(),
                    ProblemMapper.overloaded(
                            "other large bodies are under way; smaller ones are still taken"));
        }
    }

    /** A single body goes alone, however large it is. */
    private boolean tryTake(long length) {
        long taken = bytes.addAndGet(length);
        if (taken > config.largeBodiesMaxBytes() && taken > length) {
            bytes.addAndGet(-length);
            return false;
        }
        return true;
    }

    private static long length(@Nullable String header) {
        // The server has refused what is not a number.
        return header == null ? 0 : Long.parseLong(header.strip());
    }
}
