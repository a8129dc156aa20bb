package dev.stele.view;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.stele.event.EventType;
import dev.stele.event.StreamId;
import dev.stele.event.Tag;
import dev.stele.json.Flaws;
import dev.stele.json.JsonDocument;
import dev.stele.json.Parsed;
import dev.stele.log.EventFilter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
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
    private static final Set<String> SOURCE_MEMBERS = Set.of("categories", "types", "tags");
    private static final Set<String> SCHEMAS = Set.of("latest", "stored");
    private static final String UNSUPPORTED = "not supported by this version";

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
        refuseUnknown(tree, "", "a view's definition", MEMBERS);
        refuseUnsupported(tree);
        JsonNode initial = tree.get("initial");
        ViewDefinition definition =
                new ViewDefinition(
                        document,
                        text(tree, "description", false),
                        source(tree.get("source")),
                        orEmpty(text(tree, "key", true)),
                        initial == null ? NullNode.getInstance() : initial,
                        handlers(tree.get("on")));
        return flaws.isEmpty() ? new Parsed.Valid<>(definition) : flaws.invalid();
    }

    private void refuseUnknown(JsonNode object, String pointer, String what, Set<String> known) {
        object.fieldNames()
                .forEachRemaining(
                        name -> {
                            if (!known.contains(name)) {
                                flaw(
                                        JsonDocument.pointer(pointer, name),
                                        what + " has no member of this name");
                            }
                        });
    }

    /** What later versions know is refused unless it says what this one does anyway. */
    private void refuseUnsupported(JsonNode tree) {
        JsonNode history = tree.get("history");
        if (history != null && !history.isBoolean()) {
            flaw("/history", "must be true or false");
        } else if (history != null && history.booleanValue()) {
            flaw("/history", UNSUPPORTED);
        }
        JsonNode indexes = tree.get("indexes");
        if (indexes != null && !indexes.isArray()) {
            flaw("/indexes", "must be an array");
        } else if (indexes != null && !indexes.isEmpty()) {
            flaw("/indexes", UNSUPPORTED);
        }
        String schema = text(tree, "schema", false);
        if (schema != null && !SCHEMAS.contains(schema)) {
            flaw("/schema", UNSUPPORTED);
        }
        if (tree.has("publish")) {
            flaw("/publish", UNSUPPORTED);
        }
    }

    private @Nullable String text(JsonNode tree, String member, boolean required) {
        JsonNode value = tree.get(member);
        if (value == null) {
            if (required) {
                flaw("/" + member, "a view must have this member");
            }
            return null;
        }
        if (!value.isTextual()) {
            flaw("/" + member, "must be a string");
            return null;
        }
        return value.textValue();
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    private EventFilter source(@Nullable JsonNode source) {
        if (source == null) {
            return EventFilter.ALL;
        }
        if (!source.isObject()) {
            flaw("/source", "must be an object");
            return EventFilter.ALL;
        }
        refuseUnknown(source, "/source", "a source", SOURCE_MEMBERS);
        return new EventFilter(
                list(source, "categories", DefinitionReader::category),
                list(source, "types", text -> new EventType(text).value()),
                list(source, "tags", Tag::new));
    }

    private static String category(String text) {
        if (new StreamId(text).value().contains("-")) {
            throw new IllegalArgumentException("a category ends before the first -");
        }
        return text;
    }

    private <T> List<T> list(JsonNode source, String member, Function<String, T> meaning) {
        JsonNode values = source.get(member);
        String pointer = "/source/" + member;
        List<T> list = new ArrayList<>();
        if (values != null && !values.isArray()) {
            flaw(pointer, "must be an array of strings");
        } else if (values != null) {
            for (int i = 0; i < values.size(); i++) {
                addMeaning(list, values.get(i), pointer + "/" + i, meaning);
            }
        }
        return list;
    }

    private <T> void addMeaning(
            List<T> list, JsonNode value, String pointer, Function<String, T> meaning) {
        if (!value.isTextual()) {
            flaw(pointer, "must be a string");
            return;
        }
        try {
            list.add(meaning.apply(value.textValue()));
        } catch (IllegalArgumentException e) {
            flaw(pointer, String.valueOf(e.getMessage()));
        }
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
