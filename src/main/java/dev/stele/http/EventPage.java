package dev.stele.http;

import dev.stele.event.RecordedEvent;
import dev.stele.json.EventJson;
import dev.stele.json.JsonWriter;
import dev.stele.log.EventLog;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import org.jspecify.annotations.Nullable;

/** A page of events as JSON, with the way to the next one. */
final class EventPage {

    private EventPage() {}

    /**
     * The answer for a page.
     *
     * @param next the next page's address; null when this one is not full
     * @param fixed whether the page, being full, can never change
     */
    static Response.ResponseBuilder answer(
            HttpHeaders request, EventLog.Page page, @Nullable String next, boolean fixed) {
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
        String etag = etag(page);
        Response.ResponseBuilder response =
                fixed && page.full()
                        ? Answer.immutable(request, etag, json)
                        : Answer.current(request, etag, json);
        return next == null ? response : response.header("Link", "<" + next + ">; rel=\"next\"");
    }

    /** Events never change: the first, the last and whether more follow say it all. */
    private static String etag(EventLog.Page page) {
        if (page.events().isEmpty()) {
            return "empty-json";
        }
        return "%s-%s%s-json"
                .formatted(
                        page.events().getFirst().position(),
                        page.events().getLast().position(),
                        page.full() ? "-next" : "");
    }
}
