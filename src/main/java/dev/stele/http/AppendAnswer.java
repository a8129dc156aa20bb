package dev.stele.http;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.stele.event.Append;
import dev.stele.event.EventId;
import dev.stele.event.GlobalPosition;
import dev.stele.event.NewEvent;
import dev.stele.json.JsonWriter;
import dev.stele.log.AppendResult;
import dev.stele.log.AppendResult.FailedCheck;
import dev.stele.log.AppendResult.Place;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.util.List;

/** What an append came to, as an answer. */
final class AppendAnswer {

    private AppendAnswer() {}

    /** How the one who asked wants to hear that the events are in the log. */
    interface Success {

        /**
         * Writes the members of the body.
         *
         * @param places one for each part of the append
         */
        void write(JsonGenerator out, List<Place> places) throws IOException;

        /** Adds headers that this form of append has beside those of all. */
        default void addHeaders(Response.ResponseBuilder response, List<Place> places) {}
    }

    static Response of(Append append, AppendResult result, Success success) {
        return switch (result) {
            case AppendResult.Appended(var places) ->
                    appended(Response.Status.CREATED, places, success);
            case AppendResult.AlreadyAppended(var places) ->
                    appended(Response.Status.OK, places, success);
            case AppendResult.Conflict(var failed) -> conflict(append, failed).response();
            case AppendResult.Deleted(var stream) ->
                    Problem.of(
                                    ProblemType.STREAM_DELETED,
                                    "'%s' is deleted; If-None-Match: * or \"noStream\" starts it again"
                                            .formatted(stream))
                            .response();
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

    private static Response appended(Response.Status status, List<Place> places, Success success) {
        byte[] json =
                JsonWriter.write(
                        out -> {
                            out.writeStartObject();
                            success.write(out, places);
                            if (status == Response.Status.OK) {
                                out.writeBooleanField("duplicate", true);
                            }
                            out.writeEndObject();
                        });
        Response.ResponseBuilder response =
                Response.status(status)
                        .header(HttpHeaders.CONTENT_TYPE, MediaType.APPLICATION_JSON)
                        .header(Answer.POSITION, places.getLast().position().value())
                        .entity(json);
        success.addHeaders(response, places);
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

    private static Problem conflict(Append append, List<FailedCheck> failed) {
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
