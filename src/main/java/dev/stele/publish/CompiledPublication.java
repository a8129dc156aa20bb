package dev.stele.publish;

import dev.stele.event.EventFilter;
import dev.stele.jq.JqLimits;
import dev.stele.jq.JqProgram;
import dev.stele.json.Parsed.Flaw;
import dev.stele.view.Programs;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A definition that can run. Immutable, and any number of threads may use it at once.
 *
 * @param key null: the stream
 * @param type null: the event's
 * @param value null: one message, the data as stored
 */
record CompiledPublication(
        EventFilter source,
        String topic,
        @Nullable JqProgram key,
        @Nullable JqProgram type,
        @Nullable JqProgram value) {

    /** What compiling a definition came to. */
    sealed interface Compilation {
        record Compiled(CompiledPublication publication) implements Compilation {}

        /** These programs are not jq, or use what is not allowed; never empty. */
        record Uncompilable(List<Flaw> flaws) implements Compilation {}
    }

    /** Every event, data as stored. */
    static CompiledPublication plain(String topic) {
        return new CompiledPublication(EventFilter.ALL, topic, null, null, null);
    }

    /** Whether messages are made by programs, which take time. */
    boolean hasPrograms() {
        return key != null || type != null || value != null;
    }

    static Compilation compile(PublicationDefinition definition, JqLimits limits) {
        List<Flaw> flaws = new ArrayList<>();
        CompiledPublication compiled =
                new CompiledPublication(
                        definition.source(),
                        definition.topic(),
                        program("/key", definition.key(), limits, flaws),
                        program("/type", definition.type(), limits, flaws),
                        program("/value", definition.value(), limits, flaws));
        return flaws.isEmpty()
                ? new Compilation.Compiled(compiled)
                : new Compilation.Uncompilable(flaws);
    }

    private static @Nullable JqProgram program(
            String pointer, @Nullable String source, JqLimits limits, List<Flaw> flaws) {
        return source == null ? null : Programs.compile(pointer, source, limits, flaws);
    }
}
