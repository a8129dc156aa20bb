package dev.stele.view;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stele.event.GlobalPosition;
import java.time.Instant;

/** What a fold does to one entry; position and time are those of the last event that touched it. */
sealed interface Change {

    /** The entry has this value. */
    record Written(JsonNode value, String text, GlobalPosition position, Instant recordedAt)
            implements Change {}

    /** There is no entry. */
    record Removed(GlobalPosition position, Instant recordedAt) implements Change {}
}
