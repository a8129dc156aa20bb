package dev.stele.http;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.stele.event.Append;
import dev.stele.event.AppendCondition;
import dev.stele.event.EventId;
import dev.stele.event.EventIds;
import dev.stele.event.EventType;
import dev.stele.event.NewEvent;
import dev.stele.event.Payload;
import dev.stele.event.References;
import dev.stele.event.StreamId;
import dev.stele.http.AppendAnswers.Outcome.InLog;
import dev.stele.json.JsonWriter;
import dev.stele.log.AppendResult.FailedCheck;
import dev.stele.log.AppendResult.Place;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.Encoded;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Deletes streams: one more event, the tombstone. Nothing is removed from the log. */
@Path("/v1/streams/{stream}")
@Produces(MediaType.APPLICATION_JSON)
class DeleteResource {

    private static final int MAX_REASON = 1_000;

    private final AppendAnswers answers;
    private final EventIds ids;

    DeleteResource(AppendAnswers answers, EventIds ids) {
        this.answers = answers;
        this.ids = ids;
    }

    @DELETE
    public Uni<Response> delete(
            @Encoded @PathParam("stream") String name,
            @Context UriInfo uri,
            @Context HttpHeaders headers) {
        StreamId stream = PathNames.stream(name);
        String reason = reason(Query.of(uri, "reason"));
        AppendCondition condition = Preconditions.of(headers);
        String key = IdempotencyKey.of(headers);
        Append.Part tombstone =
                new Append.Part(
                        stream,
                        existing(condition),
                        List.of(tombstone(ids.missing(stream, key, 0).apply(0), reason)));
        Append append =
                new Append(
                        List.of(tombstone), List.of(), null, key != null, TraceParent.of(headers));
        return answers.append(headers, append, new Deleted(tombstone, condition));
    }

    /** What is deleted must be there. */
    private static AppendCondition existing(AppendCondition condition) {
        return switch (condition) {
            case AppendCondition.Any(), AppendCondition.Exists() -> AppendCondition.exists();
            case AppendCondition.AtVersion version -> version;
            case AppendCondition.NoStream() ->
                    throw Problem.invalid("what does not exist cannot be deleted: If-None-Match")
                            .asException();
        };
    }

    private static @Nullable String reason(Query query) {
        String reason = query.text("reason");
        if (reason != null
                && (reason.length() > MAX_REASON
                        || reason.chars().anyMatch(Character::isISOControl))) {
            throw Problem.invalid(
                            "a reason has at most %d characters, and no control characters"
                                    .formatted(MAX_REASON))
                    .asException();
        }
        return reason;
    }

    private static NewEvent tombstone(EventId id, @Nullable String reason) {
        return new NewEvent(
                id,
                EventType.DELETED,
                null,
                null,
                Payload.of(
                        JsonWriter.write(
                                out -> {
                                    out.writeStartObject();
                                    if (reason != null) {
                                        out.writeStringField("reason", reason);
                                    }
                                    out.writeEndObject();
                                })),
                null,
                null,
                References.NONE,
                List.of());
    }

    private record Deleted(Append.Part tombstone, AppendCondition condition)
            implements AppendAnswers.Form {

        @Override
        public Problem conflict(Append append, List<FailedCheck> failed) {
            return condition instanceof AppendCondition.Any
                    ? StreamProblems.notFound(tombstone.stream())
                    : AppendAnswers.conflict(append, failed);
        }

        @Override
        public Response.Status status() {
            return Response.Status.OK;
        }

        @Override
        public void write(JsonGenerator out, InLog in) throws IOException {
            Place place = in.places().getFirst();
            out.writeStringField("stream", tombstone.stream().value());
            out.writeNumberField("version", place.version().value());
            out.writeNumberField("position", place.position().value());
            out.writeStringField("id", tombstone.events().getFirst().id().toString());
        }
    }
}
