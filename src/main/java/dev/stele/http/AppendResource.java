package dev.stele.http;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.stele.event.Append;
import dev.stele.event.AppendCondition;
import dev.stele.event.EventIds;
import dev.stele.event.StreamId;
import dev.stele.event.StreamVersion;
import dev.stele.http.AppendAnswers.Outcome.InLog;
import dev.stele.json.EventLimits;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Encoded;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.io.IOException;

/** Appends to one stream. */
@Path("/v1/streams/{stream}")
@Produces(MediaType.APPLICATION_JSON)
class AppendResource {

    private final AppendAnswers answers;
    private final AppendBodies bodies;
    private final HttpConfig config;

    AppendResource(AppendAnswers answers, EventLimits limits, EventIds ids, HttpConfig config) {
        this.answers = answers;
        this.bodies = new AppendBodies(limits, ids);
        this.config = config;
    }

    @POST
    @Path("events")
    public Uni<Response> append(
            @Encoded @PathParam("stream") String name,
            @Context UriInfo uri,
            @Context HttpHeaders headers,
            byte[] body) {
        StreamId stream = PathNames.stream(name);
        Query.of(uri);
        AppendCondition condition = Preconditions.of(headers);
        String key = IdempotencyKey.of(headers);
        String traceparent = TraceParent.of(headers);
        return Bodies.read(body, config, bodies.reading(stream, key, headers, body))
                .map(
                        events ->
                                Append.toStream(
                                        stream,
                                        condition,
                                        events.events(),
                                        events.idsGiven() || key != null,
                                        traceparent))
                .chain(append -> answers.append(headers, append, new OneStream()));
    }

    /** The answer of an append to one stream. */
    private record OneStream() implements AppendAnswers.Form {

        @Override
        public void write(JsonGenerator out, InLog in) throws IOException {
            AppendAnswers.writePart(out, part(in), in.places().getFirst());
        }

        @Override
        public void addHeaders(Response.ResponseBuilder response, InLog in) {
            Append.Part part = part(in);
            StreamVersion version = in.places().getFirst().version();
            long first = version.value() - part.events().size() + 1;
            response.header(HttpHeaders.ETAG, "\"" + version + "\"")
                    .header(
                            HttpHeaders.LOCATION,
                            "/v1/streams/"
                                    + PathNames.encode(part.stream().value())
                                    + "/events/"
                                    + first);
        }

        private static Append.Part part(InLog in) {
            return in.append().parts().getFirst();
        }
    }
}
