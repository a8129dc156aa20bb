package dev.stele.jq;

/** Whether a text is a program. */
public sealed interface JqCompilation {

    record Compiled(JqProgram program) implements JqCompilation {}

    /** {@code line} and {@code column} count from 1 and are 0 when there is no such place. */
    record Refused(String message, int line, int column) implements JqCompilation {}
}
