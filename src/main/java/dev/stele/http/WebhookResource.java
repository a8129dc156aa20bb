package dev.stele.http;

import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.Encoded;
import jakarta.ws.rs.OPTIONS;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import java.util.Objects;

/**
 * Lets senders of webhooks ask whether they may deliver to a stream: the handshake of HTTP 1.1 Web
 * Hooks for Event Delivery, 1.0 (CloudEvents). Permission is given at once or not at all: an
 * address to call back is not called, for that would have the service send requests to wherever
 * somebody says.
 */
@Path("/v1/streams/{stream}")
class WebhookResource {

    private static final String REQUEST_ORIGIN = "WebHook-Request-Origin";
    private static final String REQUEST_RATE = "WebHook-Request-Rate";
    private static final String ALLOWED_ORIGIN = "WebHook-Allowed-Origin";
    private static final String ALLOWED_RATE = "WebHook-Allowed-Rate";
    private static final String ANY = "*";

    private final List<String> origins;
    private final String rate;

    WebhookResource(HttpConfig config) {
        this.origins =
                config.webhookOrigins().orElse(List.of()).stream().map(String::strip).toList();
        this.rate = config.webhookRate().map(String::valueOf).orElse(ANY);
    }

    /** Whether a request of this method asks so, and is no mere question of what may be done. */
    static boolean isAsked(RoutingContext context) {
        String path = context.normalizedPath();
        return context.request().headers().contains(REQUEST_ORIGIN)
                && path.startsWith("/v1/streams/")
                && path.endsWith("/events");
    }

    @OPTIONS
    @Path("events")
    public Uni<Response> options(
            @Encoded @PathParam("stream") String name,
            @Context UriInfo uri,
            @Context HttpHeaders headers) {
        PathNames.stream(name);
        Query.of(uri);
        Response.ResponseBuilder response = Response.ok();
        AllowedMethods.of(uri.getRequestUri().getRawPath())
                .ifPresent(methods -> response.header(HttpHeaders.ALLOW, methods));
        requireRate(headers);
        // Without it, nobody comes here.
        String origin = Objects.requireNonNull(headers.getHeaderString(REQUEST_ORIGIN));
        String allowed = allowed(origins, origin.strip());
        if (!allowed.isEmpty()) {
            response.header(ALLOWED_ORIGIN, allowed).header(ALLOWED_RATE, rate);
        }
        return Uni.createFrom().item(response.build());
    }

    /** What is answered to an origin: itself, or any where any may; empty: it may not. */
    static String allowed(List<String> origins, String origin) {
        if (origins.contains(ANY)) {
            return ANY;
        }
        return origins.stream().anyMatch(origin::equalsIgnoreCase) ? origin : "";
    }

    /** How often somebody would like to send changes nothing; but it must be a number. */
    private static void requireRate(HttpHeaders headers) {
        String asked = headers.getHeaderString(REQUEST_RATE);
        if (asked != null) {
            try {
                WholeNumber.parse(REQUEST_RATE, asked.strip());
            } catch (IllegalArgumentException e) {
                throw Problem.invalid(String.valueOf(e.getMessage())).asException();
            }
        }
    }
}
