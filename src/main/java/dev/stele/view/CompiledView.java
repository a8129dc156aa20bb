package dev.stele.view;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stele.definition.Programs;
import dev.stele.event.EventType;
import dev.stele.jq.JqProgram;
import dev.stele.json.CanonicalJson;
import dev.stele.json.JsonDocument;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A definition that can run. Immutable, and any number of threads may use it at once. */
record CompiledView(
        ViewDefinition definition,
        JsonNode initial,
        JqProgram key,
        Map<String, JqProgram> handlers) {

    /** The variables of a handler. */
    static final String EVENT = "event";

    static final String KEY = "key";

    CompiledView {
        handlers = Map.copyOf(handlers);
    }

    /** The program for events of a type; null when they are ignored. */
    @Nullable JqProgram handler(EventType type) {
        JqProgram own = handlers.get(type.value());
        return own != null ? own : handlers.get(ViewDefinition.ANY_TYPE);
    }

    /** Null when a program does not compile. */
    static @Nullable CompiledView compile(ViewDefinition definition, Programs.Compiler programs) {
        JqProgram key = programs.compile("/key", definition.key());
        Map<String, JqProgram> handlers = new HashMap<>();
        definition
                .on()
                .forEach(
                        (type, source) -> {
                            String pointer = JsonDocument.pointer("/on", type);
                            JqProgram handler = programs.compile(pointer, source, EVENT, KEY);
                            if (handler != null) {
                                handlers.put(type, handler);
                            }
                        });
        return key == null
                ? null
                : new CompiledView(
                        definition, CanonicalJson.canonical(definition.initial()), key, handlers);
    }
}
