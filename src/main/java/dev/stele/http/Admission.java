package dev.stele.http;

import dev.stele.wire.Malformed;
import io.quarkus.vertx.http.runtime.RouteConstants;
import io.quarkus.vertx.http.runtime.security.SecurityHandlerPriorities;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Sees to it that an address means to the framework what it meant to the sender, and that whoever
 * sends nonsense gets an answer and the log no stack trace.
 */
@ApplicationScoped
class Admission {

    private static final Logger LOG = Logger.getLogger(Admission.class);

    /** Where the framework lets pages of other origins in, or does not. */
    static final int CROSS_ORIGIN = -SecurityHandlerPriorities.CORS;

    /** Before every other route of the framework: pages may read refusals, too. */
    static final int FIRST = CROSS_ORIGIN + 2;

    /** Where what a browser asks beforehand has been answered. */
    private static final int BEHIND_PREFLIGHTS = RouteConstants.ROUTE_ORDER_UPLOAD_LIMIT - 1;

    /** The framework's own, which may end with a slash. */
    private static final String OPERATIONS = "/q/";

    private static final int BAD_REQUEST = 400;
    private static final int NOT_IMPLEMENTED = 501;
    private static final int NOT_ASCII = 0x80;

    void register(@Observes Router router) {
        router.route(Malformed.ADDRESS).order(FIRST).handler(Admission::malformed);
        router.route().order(FIRST).handler(Admission::admit);
        router.options().order(BEHIND_PREFLIGHTS).handler(Admission::options);
        router.route().last().failureHandler(Admission::failed);
    }

    /** The framework would say that HEAD is there where GET is not. */
    private static void options(RoutingContext context) {
        if (WebhookResource.isAsked(context)) {
            context.next();
            return;
        }
        AllowedMethods.of(context.normalizedPath())
                .ifPresentOrElse(
                        methods -> context.response().putHeader(HttpHeaders.ALLOW, methods).end(),
                        context::next);
    }

    private static void malformed(RoutingContext context) {
        Malformed.head(context.request())
                .ifPresentOrElse(flaw -> refuse(context, flaw), context::next);
    }

    private static void refuse(RoutingContext context, Malformed flaw) {
        switch (flaw.status()) {
            case BAD_REQUEST -> refuse(context, flaw.detail());
            case NOT_IMPLEMENTED ->
                    refuse(context, Problem.of(ProblemType.NOT_IMPLEMENTED, flaw.detail()));
            // Who sends so much knows what it is.
            default -> context.response().setStatusCode(flaw.status()).end();
        }
    }

    private static void admit(RoutingContext context) {
        Accepted.tidy(context.request().headers());
        String query = context.request().query();
        String address = context.request().path() + (query == null ? "" : "?" + query);
        boolean plain = isPlain(address);
        if (!plain && address.chars().anyMatch(c -> c >= NOT_ASCII)) {
            // The framework would read it as ISO 8859-1.
            refuse(context, "the address must be percent-encoded");
        } else if (!plain && !isText(address)) {
            refuse(context, "the address must be UTF-8 without U+0000");
        } else if (!isTidy(context.request().path())) {
            refuse(
                    context,
                    Problem.of(
                            ProblemType.NOT_FOUND,
                            "no address has a slash doubled or at its end, or . or .. in it"));
        } else if (!isMediaType(context.request().getHeader(HttpHeaders.CONTENT_TYPE))) {
            // The framework would call the whole request malformed.
            ProblemType type = ProblemType.UNSUPPORTED_MEDIA_TYPE;
            refuse(context, Problem.of(type, type.title()));
        } else if (!plain && address.indexOf(';') >= 0) {
            // The framework would drop it from a name, with what follows.
            context.reroute(address.replace(";", "%3B"));
        } else {
            context.next();
        }
    }

    /** Whether an address, as most, has nothing that could be understood in two ways. */
    private static boolean isPlain(String address) {
        for (int i = 0; i < address.length(); i++) {
            char c = address.charAt(i);
            if (c <= ' ' || c >= NOT_ASCII || c == '%' || c == ';') {
                return false;
            }
        }
        return true;
    }

    /** Whether the framework, which would tidy an address up, takes it as it is written. */
    private static boolean isTidy(@Nullable String path) {
        if (path == null) {
            return true;
        }
        boolean mayBeNothing = path.startsWith(OPERATIONS);
        for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
            boolean nothing = slash + 1 == path.length() || path.charAt(slash + 1) == '/';
            if (nothing ? !mayBeNothing : isStep(path, slash + 1)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isStep(String path, int begin) {
        if (path.charAt(begin) != '.' && path.charAt(begin) != '%') {
            return false;
        }
        int end = path.indexOf('/', begin);
        String segment =
                path.substring(begin, end < 0 ? path.length() : end)
                        .replace("%2e", ".")
                        .replace("%2E", ".");
        return segment.equals(".") || segment.equals("..");
    }

    /** Whether a header is absent, or {@code type/subtype} with or without parameters. */
    private static boolean isMediaType(@Nullable String header) {
        if (header == null || header.isBlank()) {
            return true;
        }
        int slash = header.indexOf('/');
        int parameters = header.indexOf(';');
        int end = parameters < 0 ? header.length() : parameters;
        return slash > 0 && slash < end - 1 && header.lastIndexOf('/', end) == slash;
    }

    private static boolean isText(String address) {
        try {
            return PercentEncoding.decode(address).indexOf('\0') < 0;
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    private static void refuse(RoutingContext context, String detail) {
        refuse(context, Problem.invalid(detail));
    }

    private static void refuse(RoutingContext context, Problem refusal) {
        refuse(context.response(), refusal);
    }

    /** Answers with a problem, without the framework. */
    static Future<Void> refuse(HttpServerResponse response, Problem refusal) {
        Response problem = refusal.response();
        response.setStatusCode(problem.getStatus());
        problem.getStringHeaders().forEach(response::putHeader);
        return response.end(Buffer.buffer((byte[]) problem.getEntity()));
    }

    /** What nobody could answer. */
    private static void failed(RoutingContext context) {
        if (context.response().ended() || context.response().closed()) {
            LOG.debug("nobody listens any more", context.failure());
        } else if (context.statusCode() == BAD_REQUEST) {
            refuse(context, "the address is malformed, or the header Host is not given");
        } else {
            context.next();
        }
    }
}
