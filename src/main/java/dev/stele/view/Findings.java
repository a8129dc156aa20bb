package dev.stele.view;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.stele.event.GlobalPosition;
import dev.stele.event.Payload;
import dev.stele.json.JsonWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What comparing entries with their folds came to. The first differences are kept in full. */
final class Findings {

    private final int viewVersion;
    private final ViewConfig.Verify limits;
    private final List<Difference> kept = new ArrayList<>();
    private long keptBytes;
    private long checked;
    private long different;
    private @Nullable GlobalPosition position;

    Findings(int viewVersion, ViewConfig.Verify limits) {
        this.viewVersion = viewVersion;
        this.limits = limits;
    }

    private record Difference(
            String key, Refold.@Nullable State entry, Refold.@Nullable State fold) {

        long bytes() {
            return key.length() + size(entry) + size(fold);
        }

        private static long size(Refold.@Nullable State state) {
            return state == null ? 0 : state.value().length();
        }
    }

    long checked() {
        return checked;
    }

    long different() {
        return different;
    }

    /** Compares some entries with the folds of the same keys, both as of one position. */
    void compare(
            GlobalPosition at, Map<String, Refold.State> entries, Map<String, Refold.State> folds) {
        if (position == null) {
            position = at;
        }
        Set<String> keys = new TreeSet<>(entries.keySet());
        keys.addAll(folds.keySet());
        checked += keys.size();
        for (String key : keys) {
            Difference difference = new Difference(key, entries.get(key), folds.get(key));
            if (!Objects.equals(difference.entry(), difference.fold())) {
                different++;
                keep(difference);
            }
        }
    }

    private void keep(Difference difference) {
        boolean room =
                kept.size() < limits.different()
                        && keptBytes + difference.bytes() <= limits.differentBytes();
        if (room || kept.isEmpty()) {
            kept.add(difference);
            keptBytes += difference.bytes();
        }
    }

    String json() {
        return Payload.of(JsonWriter.write(this::write)).toString();
    }

    private void write(JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeNumberField("viewVersion", viewVersion);
        if (position != null) {
            json.writeNumberField("position", position.value());
        }
        json.writeNumberField("checked", checked);
        json.writeNumberField("differentKeys", different);
        json.writeArrayFieldStart("different");
        for (Difference difference : kept) {
            json.writeStartObject();
            json.writeStringField("key", difference.key());
            write(json, "entry", difference.entry());
            write(json, "fold", difference.fold());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, String name, Refold.@Nullable State state)
            throws IOException {
        if (state != null) {
            json.writeObjectFieldStart(name);
            json.writeFieldName("value");
            JsonWriter.writeRaw(json, Payload.of(state.value()));
            json.writeNumberField("position", state.position().value());
            json.writeEndObject();
        }
    }
}
