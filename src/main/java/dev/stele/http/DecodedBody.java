package dev.stele.http;

import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.ext.Provider;
import java.io.ByteArrayInputStream;
import org.jboss.resteasy.reactive.server.core.ResteasyReactiveRequestContext;
import org.jboss.resteasy.reactive.server.spi.ResteasyReactiveContainerRequestContext;
import org.jboss.resteasy.reactive.server.spi.ResteasyReactiveContainerRequestFilter;

/** Has the framework find a body that was decoded ({@link CodedBody}) in place of what came. */
@Provider
class DecodedBody implements ResteasyReactiveContainerRequestFilter {

    @Override
    public void filter(ResteasyReactiveContainerRequestContext request) {
        ResteasyReactiveRequestContext context =
                (ResteasyReactiveRequestContext) request.getServerRequestContext();
        byte[] decoded = context.unwrap(RoutingContext.class).get(CodedBody.DECODED);
        if (decoded != null) {
            request.setEntityStream(new ByteArrayInputStream(decoded));
        }
    }
}
