package dev.stele.json;

import dev.stele.event.EventId;
import dev.stele.event.NewEvent;
import dev.stele.event.Payload;
import dev.stele.json.NewEventReader.NewEvents;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads the events of an append to one stream that come as CloudEvents 1.0. All of them have ids of
 * their own. What becomes of their attributes: {@link NewCloudEvent}.
 */
public final class CloudEventReader {

    private final EventLimits limits;

    public CloudEventReader(EventLimits limits) {
        this.limits = limits;
    }

    /** Reads one event in the JSON format. */
    public Parsed<NewEvents> structured(byte[] body) {
        return read(body, events -> List.of(events.cloudEvent("")));
    }

    /** Reads a non-empty array of events in the JSON format. */
    public Parsed<NewEvents> batch(byte[] body) {
        return read(body, events -> events.cloudEvents(""));
    }

    private Parsed<NewEvents> read(byte[] body, Function<EventsReader, List<NewEvent>> content) {
        return AppendDocument.read(
                body,
                limits,
                (parser, flaws) ->
                        new NewEvents(
                                content.apply(
                                        new EventsReader(
                                                parser,
                                                limits,
                                                flaws,
                                                CloudEventReader::missingId)),
                                true));
    }

    private static EventId missingId(int index) {
        throw new IllegalStateException("a CloudEvent has an id");
    }

    /**
     * Reads one event in binary mode.
     *
     * @param attributes by name, but for the one that says what the body is
     * @param contentType what the body is; absent: JSON, as in the other modes
     * @param body the data; empty: absent
     */
    public Parsed<NewEvents> binary(
            Map<String, String> attributes, @Nullable String contentType, byte[] body) {
        return AppendDocument.readBytes(
                body,
                limits,
                flaws -> new NewEvents(List.of(event(attributes, contentType, body, flaws)), true));
    }

    private NewEvent event(
            Map<String, String> attributes,
            @Nullable String contentType,
            byte[] body,
            Flaws flaws) {
        LimitExceeded.requireAtMost("event-bytes", body.length, limits.eventBytes());
        NewCloudEvent event =
                new NewCloudEvent(
                        limits, (name, detail) -> flaws.add("", header(name) + " " + detail));
        attributes.forEach(event::set);
        if (attributes.containsKey("datacontenttype")) {
            flaws.add("", "ce-datacontenttype is no header: Content-Type says it");
        }
        if (contentType != null) {
            event.set("datacontenttype", contentType);
        }
        if (body.length == 0) {
            return event.toEvent(null, false);
        }
        return event.isJson()
                ? event.toEvent(AppendDocument.value(body, StrictParser::captureValue), false)
                : event.toEvent(Payload.of(body), !isText(body));
    }

    private static String header(String attribute) {
        return attribute.equals("datacontenttype") ? "Content-Type" : "ce-" + attribute;
    }

    /** Whether bytes can be given back as a string. */
    private static boolean isText(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .chars()
                    .noneMatch(c -> c == 0);
        } catch (CharacterCodingException _) {
            return false;
        }
    }
}
