package dev.stele.view;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.stele.definition.DefinitionMembers;
import dev.stele.event.EventType;
import dev.stele.json.Flaws;
import dev.stele.json.JsonDocument;
import dev.stele.json.Parsed;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads a definition, and notes everything that is wrong with it, not only the first thing. */
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

    private final JsonDocument document;
    private final int maxHandlers;
    private final Flaws flaws = new Flaws();

    private DefinitionReader(JsonDocument document, int maxHandlers) {
        this.document = document;
        this.maxHandlers = maxHandlers;
    }

    static Parsed<ViewDefinition> read(byte[] body, ViewConfig config) {
        return switch (JsonDocument.read(body, "definition-bytes", config.definitionBytes())) {
            case Parsed.Valid(var document) ->
                    new DefinitionReader(document, config.handlers()).read();
            case Parsed.Invalid(var flaws) -> new Parsed.Invalid<>(flaws);
            case Parsed.TooLarge(_, var limit, var actual, var max) ->
                    new Parsed.TooLarge<>(limit, actual, max);
        };
    }

    private Parsed<ViewDefinition> read() {
        JsonNode tree = document.tree();
        if (!tree.isObject()) {
            flaw("", "a view's definition must be an object");
            return flaws.invalid();
        }
        DefinitionMembers members = new DefinitionMembers(tree, "a view", flaws);
        members.refuseUnknown(MEMBERS);
        refuseUnsupported(tree, members);
        JsonNode initial = tree.get("initial");
        ViewDefinition definition =
                new ViewDefinition(
                        document,
                        members.text("description"),
                        members.source(),
                        members.requiredText("key"),
                        initial == null ? NullNode.getInstance() : initial,
                        handlers(tree.get("on")));
        return flaws.isEmpty() ? new Parsed.Valid<>(definition) : flaws.invalid();
    }

    /** What later versions know is refused unless it says what this one does anyway. */
    private void refuseUnsupported(JsonNode tree, DefinitionMembers members) {
        JsonNode history = tree.get("history");
        if (history != null && !history.isBoolean()) {
            flaw("/history", "must be true or false");
        } else if (history != null && history.booleanValue()) {
            members.unsupported("history");
        }
        JsonNode indexes = tree.get("indexes");
        if (indexes != null && !indexes.isArray()) {
            flaw("/indexes", "must be an array");
        } else if (indexes != null && !indexes.isEmpty()) {
            members.unsupported("indexes");
        }
        members.requireSchema();
        members.refuseUnsupported("publish");
    }

    private Map<String, String> handlers(@Nullable JsonNode on) {
        Map<String, String> handlers = new LinkedHashMap<>();
        if (on == null) {
            flaw("/on", "a view must have this member");
        } else if (!on.isObject() || on.isEmpty()) {
            flaw("/on", "must be an object with at least one handler");
        } else if (on.size() > maxHandlers) {
            flaw("/on", "must have at most %d handlers, not %d".formatted(maxHandlers, on.size()));
        } else {
            on.properties()
                    .forEach(handler -> addHandler(handlers, handler.getKey(), handler.getValue()));
        }
        return handlers;
    }

    private void addHandler(Map<String, String> handlers, String type, JsonNode program) {
        String pointer = JsonDocument.pointer("/on", type);
        if (!program.isTextual()) {
            flaw(pointer, "must be a string");
            return;
        }
        try {
            String name = type.equals(ViewDefinition.ANY_TYPE) ? type : new EventType(type).value();
            handlers.put(name, program.textValue());
        } catch (IllegalArgumentException e) {
            flaw(pointer, String.valueOf(e.getMessage()));
        }
    }

    private void flaw(String pointer, String detail) {
        flaws.add(pointer, detail);
    }
}
