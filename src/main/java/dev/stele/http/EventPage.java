package dev.stele.http;

import dev.stele.event.RecordedEvent;
import dev.stele.json.CloudEvents;
import dev.stele.json.EventJson;
import dev.stele.json.JsonWriter;
import dev.stele.log.EventLog;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.jspecify.annotations.Nullable;

/**
 * A page of events, with the way to the next one.
 *
 * @param next the next page's address; null when this one is not full
 * @param keep for whom it may be kept
 */
record EventPage(EventLog.Page page, @Nullable String next, Keep keep) {

    /** Whether, and for whom, the page may be kept without asking again. */
    enum Keep {
        /** It is asked for again each time: the same address may come to mean another page. */
        FOR_NOBODY,
        /** It can never change, should it be full; but not everybody may see it. */
        FOR_THE_READER,
        /** The same, and everybody may see it. */
        FOR_ANYBODY
    }

    /** The page as one JSON object. */
    Response.ResponseBuilder asJson(HttpHeaders request) {
        byte[] json =
                JsonWriter.write(
                        out -> {
                            out.writeStartObject();
                            out.writeArrayFieldStart("events");
                            for (RecordedEvent event : page.events()) {
                                EventJson.write(out, event);
                            }
                            out.writeEndArray();
                            if (next != null) {
                                out.writeStringField("next", next);
                            }
                            out.writeEndObject();
                        });
        return answer(request, "json", MediaType.APPLICATION_JSON, json);
    }

    /**
     * The page as a batch of CloudEvents: a bare array, so that only the link tells of the next.
     */
    Response.ResponseBuilder asCloudEvents(HttpHeaders request, CloudEvents cloudEvents) {
        byte[] json =
                JsonWriter.write(
                        out -> {
                            out.writeStartArray();
                            for (RecordedEvent event : page.events()) {
                                cloudEvents.write(out, event);
                            }
                            out.writeEndArray();
                        });
        return answer(request, "cloudevents", Representation.BATCH, json);
    }

    private Response.ResponseBuilder answer(
            HttpHeaders request, String representation, String mediaType, byte[] body) {
        String etag = page.generation() + "-" + content() + "-" + representation;
        Response.ResponseBuilder response =
                page.full() && keep != Keep.FOR_NOBODY
                        ? Answer.immutable(request, etag, mediaType, body, keep == Keep.FOR_ANYBODY)
                        : Answer.current(request, etag, mediaType, body);
        return next == null ? response : response.header("Link", "<" + next + ">; rel=\"next\"");
    }

    /**
     * Events never change: the first, the last and whether more follow say it all. By the last
     * one's id, for a log that was put back has another one at its position.
     */
    private String content() {
        if (page.events().isEmpty()) {
            return "empty";
        }
        return "%s-%s%s"
                .formatted(
                        page.events().getFirst().position(),
                        page.events().getLast().id(),
                        page.full() ? "-next" : "");
    }
}
