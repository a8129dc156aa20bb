package dev.stele.definition;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stele.event.EventFilter;
import dev.stele.event.EventType;
import dev.stele.event.StreamId;
import dev.stele.event.Tag;
import dev.stele.json.Flaws;
import dev.stele.json.JsonDocument;
import dev.stele.json.Parsed;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The members of a definition, and what is wrong with them. */
public final class DefinitionMembers {

    private static final String UNSUPPORTED = "not supported by this version";
    private static final Set<String> SOURCE_MEMBERS = Set.of("categories", "types", "tags");
    private static final Set<String> SCHEMAS = Set.of("latest", "stored");

    private final JsonDocument document;
    private final String kind;
    private final Flaws flaws = new Flaws();

    private DefinitionMembers(JsonDocument document, String kind) {
        this.document = document;
        this.kind = kind;
    }

    /**
     * Reads a definition, and notes everything that is wrong with it, not only the first thing.
     *
     * @param kind what is defined, with its article
     * @param known the members that it may have
     * @param meaning what they say; is asked even where something is wrong with some, to note the
     *     rest
     */
    public static <D> Parsed<D> read(
            byte[] text,
            int maxBytes,
            String kind,
            Set<String> known,
            Function<DefinitionMembers, D> meaning) {
        return switch (JsonDocument.read(text, "definition-bytes", maxBytes)) {
            case Parsed.Valid(var document) ->
                    new DefinitionMembers(document, kind).read(known, meaning);
            case Parsed.Invalid(var flaws) -> new Parsed.Invalid<>(flaws);
            case Parsed.TooLarge(var line, var limit, var actual, var max) ->
                    new Parsed.TooLarge<>(line, limit, actual, max);
        };
    }

    private <D> Parsed<D> read(Set<String> known, Function<DefinitionMembers, D> meaning) {
        if (!document.tree().isObject()) {
            flaw("", kind + "'s definition must be an object");
            return flaws.invalid();
        }
        refuseUnknown(document.tree(), "", kind + "'s definition", known);
        D definition = meaning.apply(this);
        return flaws.isEmpty() ? new Parsed.Valid<>(definition) : flaws.invalid();
    }

    /** The definition itself. */
    public JsonDocument document() {
        return document;
    }

    /** What a member says; null when it is not there. */
    public @Nullable JsonNode get(String member) {
        return document.tree().get(member);
    }

    /** Notes what is wrong, and where. */
    public void flaw(String pointer, String detail) {
        flaws.add(pointer, detail);
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

    /** What later versions know must not be there. */
    public void refuseUnsupported(String member) {
        if (get(member) != null) {
            unsupported(member);
        }
    }

    /** Notes that what a member says is for later versions. */
    public void unsupported(String member) {
        flaw("/" + member, UNSUPPORTED);
    }

    /** The version of events that programs see; there is only one yet. */
    public void requireSchema() {
        String schema = text("schema");
        if (schema != null && !SCHEMAS.contains(schema)) {
            unsupported("schema");
        }
    }

    /** A string that must be there; empty when it is not. */
    public String requiredText(String member) {
        if (get(member) == null) {
            flaw("/" + member, kind + " must have this member");
        }
        String text = text(member);
        return text == null ? "" : text;
    }

    /** A string, or null. */
    public @Nullable String text(String member) {
        JsonNode value = get(member);
        if (value == null) {
            return null;
        }
        if (!value.isTextual()) {
            flaw("/" + member, "must be a string");
            return null;
        }
        return value.textValue();
    }

    /** Which events are concerned; all when it does not say. */
    public EventFilter source() {
        JsonNode source = get("source");
        if (source == null) {
            return EventFilter.ALL;
        }
        if (!source.isObject()) {
            flaw("/source", "must be an object");
            return EventFilter.ALL;
        }
        refuseUnknown(source, "/source", "a source", SOURCE_MEMBERS);
        return new EventFilter(
                list(source, "categories", DefinitionMembers::category),
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
}
