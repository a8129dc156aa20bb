package dev.stele.view;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stele.event.EventType;
import dev.stele.jq.JqLimits;
import dev.stele.jq.JqProgram;
import dev.stele.json.CanonicalJson;
import dev.stele.json.JsonDocument;
import dev.stele.json.Parsed.Flaw;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
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

    /** What compiling a definition came to. */
    sealed interface Compilation {
        record Compiled(CompiledView view) implements Compilation {}

        /** These programs are not jq, or use what is not allowed; never empty. */
        record Uncompilable(List<Flaw> flaws) implements Compilation {}
    }

    /** The program for events of a type; null when they are ignored. */
    @Nullable JqProgram handler(EventType type) {
        JqProgram own = handlers.get(type.value());
        return own != null ? own : handlers.get(ViewDefinition.ANY_TYPE);
    }

    static Compilation compile(ViewDefinition definition, JqLimits limits) {
        List<Flaw> flaws = new ArrayList<>();
        JqProgram key = Programs.compile("/key", definition.key(), limits, flaws);
        Map<String, JqProgram> handlers = new HashMap<>();
        definition
                .on()
                .forEach(
                        (type, source) -> {
                            String pointer = JsonDocument.pointer("/on", type);
                            JqProgram handler =
                                    Programs.compile(pointer, source, limits, flaws, EVENT, KEY);
                            if (handler != null) {
                                handlers.put(type, handler);
                            }
                        });
        if (key == null || !flaws.isEmpty()) {
            return new Compilation.Uncompilable(flaws);
        }
        JsonNode initial = CanonicalJson.canonical(definition.initial());
        return new Compilation.Compiled(new CompiledView(definition, initial, key, handlers));
    }
}
