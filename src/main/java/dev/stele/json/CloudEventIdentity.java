package dev.stele.json;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stele.event.EventId;
import dev.stele.event.EventIds;
import dev.stele.event.Payload;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What makes a CloudEvent the one that it is to those who send it. */
public record CloudEventIdentity(String source, String id) {

    /** That of an event with such metadata; empty when it did not come in as a CloudEvent. */
    public static Optional<CloudEventIdentity> of(@Nullable Payload metadata) {
        return CloudEvents.own(metadata)
                .map(own -> new CloudEventIdentity(text(own, "source"), text(own, "id")));
    }

    /**
     * Whether an event of the log with such metadata is this one. One that came in as something
     * else is when the log gives it out as a CloudEvent with its id: only events of logs have such
     * a source.
     */
    public boolean isOf(@Nullable Payload metadata) {
        return of(metadata)
                .map(this::equals)
                .orElseGet(() -> source.startsWith(CloudEvents.SOURCES));
    }

    /** The id of its event where its own, a UUID, is that of another event already. */
    public EventId apart() {
        return EventIds.ofSourceAndId(source, id);
    }

    private static String text(JsonNode own, String name) {
        return own.path(name).asText();
    }
}
