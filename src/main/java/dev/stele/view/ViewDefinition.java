package dev.stele.view;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stele.event.EventFilter;
import dev.stele.event.Payload;
import dev.stele.json.JsonDocument;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a view is, as its owner wrote it. Its programs are texts here; {@link CompiledView} runs.
 *
 * @param document the definition itself
 * @param key the program that tells which entries an event concerns
 * @param initial the state that a handler gets where there is no entry
 * @param on the handlers' programs by event type, {@value #ANY_TYPE} for all other types
 */
record ViewDefinition(
        JsonDocument document,
        @Nullable String description,
        EventFilter source,
        String key,
        JsonNode initial,
        Map<String, String> on) {

    static final String ANY_TYPE = "*";

    ViewDefinition {
        on = Collections.unmodifiableMap(new LinkedHashMap<>(on));
    }

    /** The definition without insignificant white space. */
    Payload text() {
        return document.text();
    }

    /** Whether both say the same: white space and the order of members mean nothing. */
    boolean saysTheSameAs(JsonDocument other) {
        return document.tree().equals(other.tree());
    }

    /** The events that can change an entry: what no handler would get need not be read. */
    EventFilter filter() {
        return source.types().isEmpty() && !on.containsKey(ANY_TYPE)
                ? new EventFilter(source.categories(), List.copyOf(on.keySet()), source.tags())
                : source;
    }
}
