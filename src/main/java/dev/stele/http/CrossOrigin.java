package dev.stele.http;

import io.quarkus.vertx.http.runtime.VertxHttpConfig;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.net.URI;
import java.net.URISyntaxException;

/**
 * Where pages of other origins are let in ({@code quarkus.http.cors}), an answer differs by the
 * origin that asked, and a cache must know (RFC 9110, section 12.5.5); the framework does not say.
 */
@ApplicationScoped
class CrossOrigin {

    private static final String ORIGIN = "Origin";

    /** Before the framework looks at the origin, and before whatever may refuse a request. */
    private static final int BEFORE_ALL = Admission.CROSS_ORIGIN - 1;

    private final VertxHttpConfig config;

    CrossOrigin(VertxHttpConfig config) {
        this.config = config;
    }

    void register(@Observes Router router) {
        if (config.cors().enabled()) {
            router.route().order(BEFORE_ALL).handler(CrossOrigin::vary);
        }
    }

    private static void vary(RoutingContext context) {
        // At the end: whatever else an answer varies by is set as if there was nothing yet.
        context.addHeadersEndHandler(
                _ -> context.response().headers().add(HttpHeaders.VARY, ORIGIN));
        if (context.request().headers().contains(ORIGIN) && !isUri(context.request())) {
            // The framework would fail where it compares the two, and nobody is at such an address.
            context.request().headers().remove(ORIGIN);
        }
        context.next();
    }

    private static boolean isUri(HttpServerRequest request) {
        try {
            var _ = new URI(request.absoluteURI());
            var _ = new URI(request.getHeader(ORIGIN));
            return true;
        } catch (URISyntaxException _) {
            return false;
        }
    }
}
