package dev.stele.http;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.stele.event.EventId;
import dev.stele.event.EventIds;
import dev.stele.event.GlobalPosition;
import dev.stele.event.StreamId;
import dev.stele.event.StreamVersion;
import dev.stele.json.EventLimits;
import dev.stele.json.JsonWriter;
import dev.stele.json.NewEventReader;
import dev.stele.json.NewEventReader.NewEvents;
import dev.stele.json.Parsed;
import dev.stele.log.Append;
import dev.stele.log.AppendCondition;
import dev.stele.log.AppendResult;
import dev.stele.log.EventLog;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.ws.rs.Consumes;
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
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** Appends to one stream. */
@Path("/v1/streams/{stream}")
@Produces(MediaType.APPLICATION_JSON)
class AppendResource {

    private final EventLog log;
    private final NewEventReader reader;
    private final HttpConfig config;
    private final EventIds ids = new EventIds(Clock.systemUTC(), new SecureRandom());

    AppendResource(EventLog log, EventLimits limits, HttpConfig config) {
        this.log = log;
        this.reader = new NewEventReader(limits);
        this.config = config;
    }

    @POST
    @Path("events")
    @Consumes(MediaType.APPLICATION_JSON)
    public Uni<Response> append(
            @Encoded @PathParam("stream") String name,
            @Context UriInfo uri,
            @Context HttpHeaders headers,
            byte[] body) {
        StreamId stream = PathNames.stream(name);
        Query.of(uri);
        JsonBody.require(headers);
        AppendCondition condition = Preconditions.of(headers);
        String key = IdempotencyKey.of(headers);
        String traceParent = TraceParent.of(headers);
        return read(body, stream, key)
                .map(
                        parsed -> {
                            NewEvents events = accepted(parsed, key);
                            return new Append(
                                    stream,
                                    condition,
                                    events.events(),
                                    events.idsGiven() || key != null,
                                    traceParent);
                        })
                .chain(append -> log.append(append).map(result -> answer(append, result)));
    }

    private Uni<Parsed<NewEvents>> read(byte[] body, StreamId stream, @Nullable String key) {
        IntFunction<EventId> missingId =
                key == null ? _ -> ids.next() : index -> EventIds.ofKey(stream, key, index);
        Uni<Parsed<NewEvents>> reading = Uni.createFrom().item(() -> reader.read(body, missingId));
        return body.length > config.eventLoopBytes()
                ? reading.runSubscriptionOn(Infrastructure.getDefaultWorkerPool())
                : reading;
    }

    private static NewEvents accepted(Parsed<NewEvents> parsed, @Nullable String key) {
        return switch (parsed) {
            case Parsed.Valid<NewEvents>(var events) -> {
                if (key != null && events.idsGiven()) {
                    throw Problem.invalid("an append has event ids or an Idempotency-Key, not both")
                            .asException();
                }
                yield events;
            }
            case Parsed.Invalid<NewEvents>(var flaws) ->
                    throw Problem.flawed(ProblemType.INVALID_REQUEST, flaws).asException();
            case Parsed.TooLarge<NewEvents>(var limit, var actual, var max) ->
                    throw Problem.tooLarge(limit, actual, max).asException();
        };
    }

    private static Response answer(Append append, AppendResult result) {
        return switch (result) {
            case AppendResult.Appended(var version, var position) ->
                    appended(Response.Status.CREATED, append, version, position);
            case AppendResult.AlreadyAppended(var version, var position) ->
                    appended(Response.Status.OK, append, version, position);
            case AppendResult.Conflict(var expected, var actual) ->
                    conflict(append.stream(), expected, actual).response();
            case AppendResult.IdReused(var reused) ->
                    withIds(
                                    ProblemType.ID_REUSED,
                                    "these ids are in the log with other content, or as part of"
                                            + " another append",
                                    reused)
                            .response();
            case AppendResult.Overloaded(var reason) ->
                    ProblemMapper.overloaded(reason + "; nothing was appended");
            case AppendResult.OutcomeUnknown(var reason) ->
                    withIds(
                                    ProblemType.OUTCOME_UNKNOWN,
                                    "the database's answer was lost (%s): repeat with these ids"
                                            .formatted(reason),
                                    append.ids())
                            .retryAfter(1)
                            .response();
            case AppendResult.Rejected(_) ->
                    Problem.of(
                                    ProblemType.INTERNAL_ERROR,
                                    "the database refused the append; nothing was appended")
                            .response();
        };
    }

    private static Response appended(
            Response.Status status, Append append, StreamVersion version, GlobalPosition position) {
        int more = append.events().size() - 1;
        byte[] json =
                JsonWriter.write(
                        out -> {
                            out.writeStartObject();
                            out.writeStringField("stream", append.stream().value());
                            out.writeNumberField("firstVersion", version.value() - more);
                            out.writeNumberField("version", version.value());
                            out.writeNumberField("firstPosition", position.value() - more);
                            out.writeNumberField("position", position.value());
                            writeIds(out, append.ids());
                            if (status == Response.Status.OK) {
                                out.writeBooleanField("duplicate", true);
                            }
                            out.writeEndObject();
                        });
        return Response.status(status)
                .header(HttpHeaders.CONTENT_TYPE, MediaType.APPLICATION_JSON)
                .header(HttpHeaders.ETAG, "\"" + version + "\"")
                .header(HttpHeaders.LOCATION, location(append.stream(), version.value() - more))
                .header(Answer.POSITION, position.value())
                .entity(json)
                .build();
    }

    private static String location(StreamId stream, long version) {
        return "/v1/streams/%s/events/%d".formatted(PathNames.encode(stream.value()), version);
    }

    private static Problem conflict(
            StreamId stream, AppendCondition expected, StreamVersion actual) {
        return Problem.of(
                        ProblemType.APPEND_CONFLICT,
                        "'%s' is at version %s, and the append expected %s"
                                .formatted(stream, actual, Expectation.inWords(expected)))
                .with(
                        out -> {
                            Expectation.write(out, stream, expected, actual);
                            out.writeArrayFieldStart("conflicts");
                            out.writeStartObject();
                            Expectation.write(out, stream, expected, actual);
                            out.writeEndObject();
                            out.writeEndArray();
                        });
    }

    private static Problem withIds(ProblemType type, String detail, List<EventId> ids) {
        return Problem.of(type, detail).with(out -> writeIds(out, ids));
    }

    private static void writeIds(JsonGenerator out, List<EventId> ids) throws IOException {
        out.writeArrayFieldStart("ids");
        for (EventId id : ids) {
            out.writeString(id.toString());
        }
        out.writeEndArray();
    }
}
