package dev.stele.view;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.stele.definition.DefinitionMembers;
import dev.stele.definition.Understood;
import dev.stele.event.EventType;
import dev.stele.jq.JqLimits;
import dev.stele.json.JsonDocument;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the definition of a view. */
final class DefinitionReader {

    private static final Set<String> MEMBERS =
            Set.of(
                    "description",
                    "source",
                    "key",
                    "initial",
                    "on",
                    "history",
                    "indexes",
                    "schema",
                    "publish");

    private final DefinitionMembers members;
    private final int maxHandlers;

    private DefinitionReader(DefinitionMembers members, int maxHandlers) {
        this.members = members;
        this.maxHandlers = maxHandlers;
    }

    /**
     * Reads a definition and compiles its programs.
     *
     * @param limits of the programs
     */
    static Understood<CompiledView> understand(byte[] text, ViewConfig config, JqLimits limits) {
        return Understood.of(
                DefinitionMembers.read(
                        text,
                        config.definitionBytes(),
                        "a view",
                        MEMBERS,
                        members -> new DefinitionReader(members, config.handlers()).read()),
                limits,
                CompiledView::compile);
    }

    private ViewDefinition read() {
        refuseUnsupported();
        JsonNode initial = members.get("initial");
        return new ViewDefinition(
                members.document(),
                members.text("description"),
                members.source(),
                members.requiredText("key"),
                initial == null ? NullNode.getInstance() : initial,
                handlers(members.get("on")));
    }

    /** What later versions know is refused unless it says what this one does anyway. */
    private void refuseUnsupported() {
        JsonNode history = members.get("history");
        if (history != null && !history.isBoolean()) {
            members.flaw("/history", "must be true or false");
        } else if (history != null && history.booleanValue()) {
            members.unsupported("history");
        }
        JsonNode indexes = members.get("indexes");
        if (indexes != null && !indexes.isArray()) {
            members.flaw("/indexes", "must be an array");
        } else if (indexes != null && !indexes.isEmpty()) {
            members.unsupported("indexes");
        }
        members.requireSchema();
        members.refuseUnsupported("publish");
    }

    private Map<String, String> handlers(@Nullable JsonNode on) {
        Map<String, String> handlers = new LinkedHashMap<>();
        if (on == null) {
            members.flaw("/on", "a view must have this member");
        } else if (!on.isObject() || on.isEmpty()) {
            members.flaw("/on", "must be an object with at least one handler");
        } else if (on.size() > maxHandlers) {
            members.flaw(
                    "/on",
                    "must have at most %d handlers, not %d".formatted(maxHandlers, on.size()));
        } else {
            on.properties()
                    .forEach(handler -> addHandler(handlers, handler.getKey(), handler.getValue()));
        }
        return handlers;
    }

    private void addHandler(Map<String, String> handlers, String type, JsonNode program) {
        String pointer = JsonDocument.pointer("/on", type);
        if (!program.isTextual()) {
            members.flaw(pointer, "must be a string");
            return;
        }
        try {
            String name = type.equals(ViewDefinition.ANY_TYPE) ? type : new EventType(type).value();
            handlers.put(name, program.textValue());
        } catch (IllegalArgumentException e) {
            members.flaw(pointer, String.valueOf(e.getMessage()));
        }
    }
}
