package dev.stele.http;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.stele.event.Append;
import dev.stele.event.EventId;
import dev.stele.event.GlobalPosition;
import dev.stele.event.NewEvent;
import dev.stele.event.StreamId;
import dev.stele.json.JsonWriter;
import dev.stele.log.AppendResult;
import dev.stele.log.AppendResult.FailedCheck;
import dev.stele.log.AppendResult.Place;
import dev.stele.log.EventLog;
import dev.stele.log.EventLog.StreamInfo;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.util.List;

/** Appends, and makes an answer of what came of it. */
@ApplicationScoped
class AppendAnswers {

    private final EventLog log;

    AppendAnswers(EventLog log) {
        this.log = log;
    }

    /** How the one who asked hears what came of it. */
    interface Form {

        /**
         * Writes the members of the body.
         *
         * @param places one for each part of the append
         */
        void write(JsonGenerator out, List<Place> places) throws IOException;

        /** Adds headers that this form of append has beside those of all. */
        default void addHeaders(Response.ResponseBuilder response, List<Place> places) {}

        /** What failed checks mean here; by default that the append met a conflict. */
        default Problem conflict(Append append, List<FailedCheck> failed) {
            return AppendAnswers.conflict(append, failed);
        }

        /** The status when it is not a repeat. */
        default Response.Status status() {
            return Response.Status.CREATED;
        }
    }

    Uni<Response> append(Append append, Form form) {
        return log.append(append)
                .onItem()
                .transformToUni(
                        result ->
                                result instanceof AppendResult.Deleted(var stream)
                                        ? deleted(stream)
                                        : Uni.createFrom().item(answer(append, result, form)));
    }

    private Uni<Response> deleted(StreamId stream) {
        return log.stream(stream)
                .map(
                        found ->
                                found.orElse(null) instanceof StreamInfo.Deleted deleted
                                        ? StreamProblems.deleted(deleted)
                                        : StreamProblems.deleted(stream))
                .map(Problem::response);
    }

    private static Response answer(Append append, AppendResult result, Form form) {
        return switch (result) {
            case AppendResult.Appended(var places) -> appended(form.status(), false, places, form);
            case AppendResult.AlreadyAppended(var places) ->
                    appended(Response.Status.OK, true, places, form);
            case AppendResult.Deleted(var stream) -> StreamProblems.deleted(stream).response();
            case AppendResult.Conflict(var failed) -> form.conflict(append, failed).response();
            case AppendResult.IdReused(var reused) ->
                    withIds(
                                    ProblemType.ID_REUSED,
                                    "these ids are in the log with other content, or as part of"
                                            + " another append",
                                    reused)
                            .response();
            case AppendResult.Unchecked() ->
                    ProblemMapper.overloaded(
                            "so much is appended that failIf could not be checked; nothing was"
                                    + " appended");
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
            Response.Status status, boolean duplicate, List<Place> places, Form form) {
        byte[] json =
                JsonWriter.write(
                        out -> {
                            out.writeStartObject();
                            form.write(out, places);
                            if (duplicate) {
                                out.writeBooleanField("duplicate", true);
                            }
                            out.writeEndObject();
                        });
        Response.ResponseBuilder response =
                Response.status(status)
                        .header(HttpHeaders.CONTENT_TYPE, MediaType.APPLICATION_JSON)
                        .header(Answer.POSITION, places.getLast().position().value())
                        .entity(json);
        form.addHeaders(response, places);
        return response.build();
    }

    /** The members of one part that is in the log. */
    static void writePart(JsonGenerator out, Append.Part part, Place place) throws IOException {
        int more = part.events().size() - 1;
        out.writeStringField("stream", part.stream().value());
        out.writeNumberField("firstVersion", place.version().value() - more);
        out.writeNumberField("version", place.version().value());
        out.writeNumberField("firstPosition", place.position().value() - more);
        out.writeNumberField("position", place.position().value());
        writeIds(out, part.events().stream().map(NewEvent::id).toList());
    }

    static Problem conflict(Append append, List<FailedCheck> failed) {
        String others = failed.size() == 1 ? "" : "; %d checks failed".formatted(failed.size());
        boolean oneStream =
                append.parts().size() == 1
                        && append.requirements().isEmpty()
                        && append.failIf() == null;
        return Problem.of(ProblemType.APPEND_CONFLICT, inWords(failed.getFirst()) + others)
                .with(
                        out -> {
                            if (oneStream) {
                                writeMembers(out, failed.getFirst());
                            }
                            out.writeArrayFieldStart("conflicts");
                            for (FailedCheck check : failed) {
                                out.writeStartObject();
                                writeMembers(out, check);
                                out.writeEndObject();
                            }
                            out.writeEndArray();
                        });
    }

    private static String inWords(FailedCheck check) {
        return switch (check) {
            case FailedCheck.StreamVersionDiffers(var stream, var expected, var actual) ->
                    "'%s' is at version %s, and the append expected %s"
                            .formatted(stream, actual, Expectation.inWords(expected));
            case FailedCheck.EventsFound(var item, var positions) ->
                    "there is an event that item %d of failIf forbids, at position %s"
                            .formatted(item, positions.getFirst());
            case FailedCheck.AfterBeyondHead(var head) ->
                    "'after' lies beyond the head of the log, which is " + head;
        };
    }

    private static void writeMembers(JsonGenerator out, FailedCheck check) throws IOException {
        switch (check) {
            case FailedCheck.StreamVersionDiffers(var stream, var expected, var actual) ->
                    Expectation.write(out, stream, expected, actual);
            case FailedCheck.EventsFound(var item, var positions) -> {
                out.writeNumberField("failIf", item);
                out.writeArrayFieldStart("positions");
                for (GlobalPosition position : positions) {
                    out.writeNumber(position.value());
                }
                out.writeEndArray();
            }
            case FailedCheck.AfterBeyondHead(var head) ->
                    out.writeNumberField("head", head.value());
        }
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
