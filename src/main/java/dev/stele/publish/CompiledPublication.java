package dev.stele.publish;

import dev.stele.definition.Programs;
import dev.stele.jq.JqProgram;
import org.jspecify.annotations.Nullable;

/**
 * A definition that can run. Immutable, and any number of threads may use it at once.
 *
 * @param key null: the stream
 * @param type null: the event's
 * @param value null: one message, the data as stored
 */
record CompiledPublication(
        PublicationDefinition definition,
        @Nullable JqProgram key,
        @Nullable JqProgram type,
        @Nullable JqProgram value) {

    /** Whether messages are made by programs, which take time. */
    boolean hasPrograms() {
        return key != null || type != null || value != null;
    }

    static CompiledPublication compile(
            PublicationDefinition definition, Programs.Compiler programs) {
        return new CompiledPublication(
                definition,
                program("/key", definition.key(), programs),
                program("/type", definition.type(), programs),
                program("/value", definition.value(), programs));
    }

    private static @Nullable JqProgram program(
            String pointer, @Nullable String source, Programs.Compiler programs) {
        return source == null ? null : programs.compile(pointer, source);
    }
}
