package dev.stele.http;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.stele.event.Append;
import dev.stele.event.EventIds;
import dev.stele.http.AppendAnswers.Outcome.InLog;
import dev.stele.json.AppendReader;
import dev.stele.json.EventLimits;
import dev.stele.log.AppendResult.Place;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Appends to many streams at once, on conditions over many streams and events. */
@Path("/v1/append")
@Produces(MediaType.APPLICATION_JSON)
class AtomicAppendResource {

    private final AppendAnswers answers;
    private final AppendReader reader;
    private final EventIds ids;
    private final HttpConfig config;

    AtomicAppendResource(
            AppendAnswers answers, EventLimits limits, EventIds ids, HttpConfig config) {
        this.answers = answers;
        this.reader = new AppendReader(limits);
        this.ids = ids;
        this.config = config;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Uni<Response> append(@Context UriInfo uri, @Context HttpHeaders headers, byte[] body) {
        Query.of(uri);
        JsonBody.require(headers);
        Preconditions.requireNone(headers);
        String key = IdempotencyKey.of(headers);
        String traceparent = TraceParent.of(headers);
        return Bodies.read(body, config, () -> asked(body, key))
                .map(
                        asked ->
                                new Append(
                                        asked.parts(),
                                        asked.requirements(),
                                        asked.failIf(),
                                        asked.idsGiven() || key != null,
                                        traceparent))
                .chain(append -> answers.append(headers, append, new ManyStreams()));
    }

    private AppendReader.Asked asked(byte[] body, @Nullable String key) {
        AppendReader.Asked asked = Bodies.valid(reader.read(body, ids.missing(key)));
        IdempotencyKey.requireNoIds(key, asked.idsGiven());
        return asked;
    }

    private record ManyStreams() implements AppendAnswers.Form {

        @Override
        public void write(JsonGenerator out, InLog in) throws IOException {
            List<Append.Part> parts = in.append().parts();
            List<Place> places = in.places();
            out.writeNumberField("position", places.getLast().position().value());
            out.writeArrayFieldStart("streams");
            for (int i = 0; i < parts.size(); i++) {
                out.writeStartObject();
                AppendAnswers.writePart(out, parts.get(i), places.get(i));
                out.writeEndObject();
            }
            out.writeEndArray();
        }
    }
}
