package dev.stele.http;

import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.ext.Provider;
import java.io.ByteArrayInputStream;
import org.jboss.resteasy.reactive.server.core.ResteasyReactiveRequestContext;
import org.jboss.resteasy.reactive.server.spi.ResteasyReactiveContainerRequestContext;
import org.jboss.resteasy.reactive.server.spi.ResteasyReactiveContainerRequestFilter;

/**
 * Gives the framework a body that is decoded ({@link CodedBody}) in place of the one that comes. It
 * is done here and not before: over HTTP/2 the framework takes no request whose body has been read.
 */
@Provider
@ApplicationScoped
class DecodedBody implements ResteasyReactiveContainerRequestFilter {

    private final LargeBodies room;
    private final HttpConfig config;

    DecodedBody(LargeBodies room, HttpConfig config) {
        this.room = room;
        this.config = config;
    }

    @Override
    public void filter(ResteasyReactiveContainerRequestContext request) {
        RoutingContext context =
                ((ResteasyReactiveRequestContext) request.getServerRequestContext())
                        .unwrap(RoutingContext.class);
        if (context.get(CodedBody.TO_COME) == null) {
            return;
        }
        request.suspend();
        CodedBody coded = new CodedBody(context, room);
        new UnsizedBody(context, room, config)
                .gather(
                        whole ->
                                coded.decode(
                                        whole,
                                        decoded -> goOn(request, decoded),
                                        problem -> refuse(request, problem)));
        context.request().resume();
    }

    private static void goOn(ResteasyReactiveContainerRequestContext request, byte[] decoded) {
        request.setEntityStream(new ByteArrayInputStream(decoded));
        request.resume();
    }

    private static void refuse(ResteasyReactiveContainerRequestContext request, Problem problem) {
        request.abortWith(problem.response());
        request.resume();
    }
}
