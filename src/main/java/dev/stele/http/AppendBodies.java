package dev.stele.http;

import dev.stele.event.ContentType;
import dev.stele.event.EventIds;
import dev.stele.event.StreamId;
import dev.stele.json.CloudEventReader;
import dev.stele.json.EventLimits;
import dev.stele.json.NewEventReader;
import dev.stele.json.NewEventReader.NewEvents;
import dev.stele.json.Parsed;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads the body of an append to one stream, unless that is a bulk load ({@link BulkAppends}). Its
 * headers say what it is; no {@code @Consumes} can, for in the binary mode of CloudEvents it may be
 * of any type.
 */
final class AppendBodies {

    private static final String CLOUD_EVENT = "application/cloudevents+json";
    private static final String ANY_CLOUD_EVENTS = "application/cloudevents";

    private final NewEventReader plain;
    private final CloudEventReader cloudEvents;
    private final EventIds ids;

    AppendBodies(EventLimits limits, EventIds ids) {
        this.plain = new NewEventReader(limits);
        this.cloudEvents = new CloudEventReader(limits);
        this.ids = ids;
    }

    /**
     * How to read a body: its headers are looked at here, the body only when that is done.
     *
     * @param key makes the ids of plain events, which may not have any then
     */
    Supplier<NewEvents> reading(
            StreamId stream, @Nullable String key, HttpHeaders headers, byte[] body) {
        Supplier<Parsed<NewEvents>> parser = parser(stream, key, headers, body);
        return () -> {
            NewEvents events = Bodies.valid(parser.get());
            IdempotencyKey.requireNoIds(key, events.idsGiven());
            return events;
        };
    }

    private Supplier<Parsed<NewEvents>> parser(
            StreamId stream, @Nullable String key, HttpHeaders headers, byte[] body) {
        String contentType = headers.getHeaderString(HttpHeaders.CONTENT_TYPE);
        String essence = contentType == null ? "" : ContentType.essence(contentType);
        if (essence.equals(CLOUD_EVENT)) {
            return () -> cloudEvents.structured(body);
        }
        if (essence.equals(Representation.BATCH)) {
            return () -> cloudEvents.batch(body);
        }
        Map<String, String> attributes = CloudEventHeaders.of(headers);
        if (!attributes.isEmpty() && !essence.startsWith(ANY_CLOUD_EVENTS)) {
            return () -> cloudEvents.binary(attributes, contentType, body);
        }
        if (essence.equals(MediaType.APPLICATION_JSON)) {
            return () -> plain.read(body, ids.missing(stream, key, 0));
        }
        throw Problem.of(
                        ProblemType.UNSUPPORTED_MEDIA_TYPE,
                        "an append is %s, %s, %s or %s, or has ce- headers"
                                .formatted(
                                        MediaType.APPLICATION_JSON,
                                        CLOUD_EVENT,
                                        Representation.BATCH,
                                        BulkAnswer.MEDIA_TYPE))
                .asException();
    }
}
