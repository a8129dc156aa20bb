package dev.stele.jq;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;

/** What leaves an evaluation early. None has a stack trace: they are control flow, and frequent. */
abstract sealed class Signal extends RuntimeException {
    private static final long serialVersionUID = 1;

    private Signal(String message) {
        super(message, null, false, false);
    }

    /** Tells whom a signal is meant for, by its identity. */
    static final class Mark {}

    /** An error of the program, which its own {@code try} may catch; the value is what it gets. */
    static final class Raised extends Signal {
        private static final long serialVersionUID = 1;
        final transient JsonNode value;

        Raised(String message) {
            this(TextNode.valueOf(message));
        }

        Raised(JsonNode value) {
            super("raised");
            this.value = value;
        }
    }

    /** An error on its way through the {@code try} whose <em>consumer</em> raised it. */
    static final class PassedBy extends Signal {
        private static final long serialVersionUID = 1;
        final transient Mark attempt;
        final Raised error;

        PassedBy(Mark attempt, Raised error) {
            super("passed by");
            this.attempt = attempt;
            this.error = error;
        }
    }

    /** {@code break}, and the early end of {@code limit} and its like. */
    static final class Break extends Signal {
        private static final long serialVersionUID = 1;
        final transient Mark label;

        Break(Mark label) {
            super("break");
            this.label = label;
        }
    }

    static final class Exhausted extends Signal {
        private static final long serialVersionUID = 1;
        final String limit;
        final String detail;

        Exhausted(String limit, String detail) {
            super(limit);
            this.limit = limit;
            this.detail = detail;
        }
    }

    /** The text is not a program. */
    static final class Refusal extends Signal {
        private static final long serialVersionUID = 1;
        final String sentence;
        final int line;
        final int column;

        Refusal(String sentence, int line, int column) {
            super(sentence);
            this.sentence = sentence;
            this.line = line;
            this.column = column;
        }
    }
}
