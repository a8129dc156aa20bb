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
import java.util.function.BiFunction;
import java.util.function.Function;

/** Appends, and makes an answer of what came of it. */
@ApplicationScoped
class AppendAnswers {

    private final EventLog log;
    private final CloudEventIds cloudEventIds;
    private final Generations generations;

    AppendAnswers(EventLog log, CloudEventIds cloudEventIds, Generations generations) {
        this.log = log;
        this.cloudEventIds = cloudEventIds;
        this.generations = generations;
    }

    /** How the one who asked hears what came of it. */
    interface Form {

        /** Writes the members of the body. */
        void write(JsonGenerator out, Outcome.InLog in) throws IOException;

        /** Adds headers that this form of append has beside those of all. */
        default void addHeaders(Response.ResponseBuilder response, Outcome.InLog in) {}

        /** What failed checks mean here; by default that the append met a conflict. */
        default Problem conflict(Append append, List<FailedCheck> failed) {
            return AppendAnswers.conflict(append, failed);
        }

        /** The status when it is not a repeat. */
        default Response.Status status() {
            return Response.Status.CREATED;
        }
    }

    /** What an append came to, to the one who asked. */
    sealed interface Outcome {

        /**
         * The events are in the log.
         *
         * @param append as it is there
         * @param places one for each part of it
         * @param duplicate whether they were there before
         */
        record InLog(Append append, List<Place> places, boolean duplicate) implements Outcome {}

        /** They are not, or nobody knows. */
        record Refused(Problem problem) implements Outcome {}
    }

    Uni<Response> append(HttpHeaders headers, Append append, Form form) {
        return generations
                .append(headers, () -> outcome(append, form::conflict))
                .map(
                        outcome ->
                                switch (outcome) {
                                    case Outcome.InLog in -> appended(headers, in, form);
                                    case Outcome.Refused(var problem) -> problem.response();
                                });
    }

    /**
     * Appends without making an answer of it.
     *
     * @param conflict what failed checks mean
     */
    Uni<Outcome> outcome(Append append, BiFunction<Append, List<FailedCheck>, Problem> conflict) {
        return log.append(append)
                .onItem()
                .transformToUni(
                        result -> {
                            if (result instanceof AppendResult.Deleted(var stream)) {
                                return deleted(stream);
                            }
                            if (result instanceof AppendResult.IdReused) {
                                return apart(append, result, conflict);
                            }
                            return Uni.createFrom().item(outcome(append, result, conflict));
                        });
    }

    /** Once more, where ids are only those of other CloudEvents. */
    private Uni<Outcome> apart(
            Append refused,
            AppendResult result,
            BiFunction<Append, List<FailedCheck>, Problem> conflict) {
        return cloudEventIds
                .apart(refused)
                .chain(
                        apart ->
                                apart.isPresent()
                                        ? outcome(apart.get(), conflict)
                                        : Uni.createFrom()
                                                .item(outcome(refused, result, conflict)));
    }

    private Uni<Outcome> deleted(StreamId stream) {
        return log.stream(stream)
                .map(
                        found ->
                                found.orElse(null) instanceof StreamInfo.Deleted deleted
                                        ? StreamProblems.deleted(deleted)
                                        : StreamProblems.deleted(stream))
                .map(Outcome.Refused::new);
    }

    private static Outcome outcome(
            Append append,
            AppendResult result,
            BiFunction<Append, List<FailedCheck>, Problem> conflict) {
        return switch (result) {
            case AppendResult.Appended(var places) -> new Outcome.InLog(append, places, false);
            case AppendResult.AlreadyAppended(var places) ->
                    new Outcome.InLog(append, places, true);
            case AppendResult.Deleted(var stream) ->
                    new Outcome.Refused(StreamProblems.deleted(stream));
            case AppendResult.Conflict(var failed) ->
                    new Outcome.Refused(conflict.apply(append, failed));
            case AppendResult.IdReused(var reused) ->
                    new Outcome.Refused(
                            withIds(
                                    ProblemType.ID_REUSED,
                                    "these ids are in the log with other content, or as part of"
                                            + " another append",
                                    reused));
            case AppendResult.Unchecked() ->
                    new Outcome.Refused(
                            ProblemMapper.overloaded(
                                    "so much is appended that failIf could not be checked; nothing"
                                            + " was appended"));
            case AppendResult.Overloaded(var reason) ->
                    new Outcome.Refused(
                            ProblemMapper.overloaded(
                                    Hints.after(reason) + "; nothing was appended"));
            case AppendResult.OutcomeUnknown(var reason) ->
                    new Outcome.Refused(
                            withIds(
                                            ProblemType.OUTCOME_UNKNOWN,
                                            "the database's answer was lost (%s): repeat with these"
                                                            .formatted(reason)
                                                    + " ids",
                                            append.ids())
                                    .retryAfter(1));
            case AppendResult.Rejected(_) ->
                    new Outcome.Refused(
                            Problem.of(
                                    ProblemType.INTERNAL_ERROR,
                                    "the database refused the append; nothing was appended"));
        };
    }

    private Response appended(HttpHeaders headers, Outcome.InLog in, Form form) {
        Response.ResponseBuilder response =
                Response.status(in.duplicate() ? Response.Status.OK : form.status());
        String withoutBody = Preferences.of(headers).withoutBody();
        if (withoutBody == null) {
            response.header(HttpHeaders.CONTENT_TYPE, MediaType.APPLICATION_JSON)
                    .entity(body(in, form));
        } else {
            response.header(Preferences.APPLIED, withoutBody);
        }
        form.addHeaders(response, in);
        return generations.withPosition(response, in.places().getLast().position()).build();
    }

    private static byte[] body(Outcome.InLog in, Form form) {
        return JsonWriter.write(
                out -> {
                    out.writeStartObject();
                    form.write(out, in);
                    if (in.duplicate()) {
                        out.writeBooleanField("duplicate", true);
                    }
                    out.writeEndObject();
                });
    }

    /** The members of one part that is in the log. */
    static void writePart(JsonGenerator out, Append.Part part, Place place) throws IOException {
        out.writeStringField("stream", part.stream().value());
        writePlaces(out, part.events().size(), place);
        writeIds(out, part.events(), NewEvent::id);
    }

    /** Where the first and the last of so many events are; {@code place} is that of the last. */
    static void writePlaces(JsonGenerator out, int events, Place place) throws IOException {
        out.writeNumberField("firstVersion", place.version().value() - events + 1);
        out.writeNumberField("version", place.version().value());
        out.writeNumberField("firstPosition", place.position().value() - events + 1);
        out.writeNumberField("position", place.position().value());
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
        return Problem.of(type, detail).with(out -> writeIds(out, ids, id -> id));
    }

    private static <T> void writeIds(JsonGenerator out, List<T> all, Function<T, EventId> id)
            throws IOException {
        out.writeArrayFieldStart("ids");
        for (T each : all) {
            out.writeString(id.apply(each).toString());
        }
        out.writeEndArray();
    }
}
