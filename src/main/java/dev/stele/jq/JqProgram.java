package dev.stele.jq;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A jq program that compiled: immutable, and any number of threads may run it at once. */
public final class JqProgram {
    private static final int MAX_ERROR_CHARS = 1_000;

    private final Filter filter;
    private final JqLimits limits;
    private final List<String> variables;

    private JqProgram(Filter filter, JqLimits limits, List<String> variables) {
        this.filter = filter;
        this.limits = limits;
        this.variables = variables;
    }

    /**
     * Reads a program and resolves every name in it.
     *
     * @param variables the names, without {@code $}, that {@link #run} will be given values for
     */
    public static JqCompilation compile(String source, JqLimits limits, String... variables) {
        if (source.length() > limits.maxProgramChars()) {
            String message = "the program is longer than " + limits.maxProgramChars() + " chars";
            return new JqCompilation.Refused(message, 0, 0);
        }
        try {
            Scope scope = Prelude.SCOPE;
            for (String name : variables) {
                scope = scope.with(new Scope.Variable(name));
            }
            Filter filter = Parser.program(Tokens.read(source, limits.maxDepth()), scope);
            return new JqCompilation.Compiled(new JqProgram(filter, limits, List.of(variables)));
        } catch (Signal.Refusal refusal) {
            return new JqCompilation.Refused(refusal.sentence, refusal.line, refusal.column);
        } catch (StackOverflowError e) {
            // The depth is limited, but nobody knows how small the caller's stack is.
            return new JqCompilation.Refused("the program is nested too deeply", 0, 0);
        }
    }

    /**
     * Runs the program on one input; whatever the program does, the outcome is a value.
     *
     * <p>Best called on one of {@link JqThreads}: a smaller stack may end before {@code maxDepth}.
     *
     * @throws IllegalArgumentException if a declared variable has no value
     */
    public JqOutcome run(JsonNode input, Map<String, JsonNode> values) {
        Budget budget = new Budget(limits);
        Env env = Env.root(budget);
        for (String name : variables) {
            JsonNode value = values.get(name);
            if (value == null) {
                throw new IllegalArgumentException("the variable $" + name + " has no value");
            }
            env = env.with(value);
        }
        try {
            return new JqOutcome.Values(collect(env, input));
        } catch (Signal signal) {
            return outcome(signal);
        } catch (StackOverflowError e) {
            return outcome(Budget.tooDeep(limits));
        } catch (RuntimeException e) {
            // A mistake of ours must park one event like any other failure, not stop a projection.
            return new JqOutcome.Failed("a builtin failed: " + e);
        }
    }

    private List<JsonNode> collect(Env env, JsonNode input) {
        List<JsonNode> values = new ArrayList<>(1);
        filter.run(
                env,
                input,
                null,
                (value, _) -> {
                    if (values.size() == limits.maxValues()) {
                        throw new Signal.Exhausted(
                                "maxValues", "more than " + limits.maxValues() + " values");
                    }
                    values.add(value);
                });
        env.budget.returnTo(0);
        long bytes = 0;
        for (JsonNode value : values) {
            bytes += Json.writtenBytes(env.budget, value);
            if (bytes > limits.maxOutputBytes()) {
                throw new Signal.Exhausted(
                        "maxOutputBytes", "more than " + limits.maxOutputBytes() + " bytes");
            }
        }
        return values;
    }

    private JqOutcome outcome(Signal signal) {
        return switch (signal) {
            case Signal.Exhausted e -> new JqOutcome.OverBudget(e.limit, e.detail);
            case Signal.Raised e -> new JqOutcome.Failed(message(e.value));
            case Signal.PassedBy e -> new JqOutcome.Failed(message(e.error.value));
            case Signal.Break _ -> new JqOutcome.Failed("break outside of its label");
            case Signal.Refusal e -> new JqOutcome.Failed(e.sentence);
        };
    }

    /** A raised container is shown as JSON, when that is short. */
    private String message(JsonNode value) {
        String text = value.isTextual() ? value.textValue() : Json.preview(value);
        if (value.isContainerNode()) {
            try {
                text = Json.written(new Budget(limits), value);
            } catch (Signal.Exhausted e) {
                text = Json.preview(value);
            }
        }
        return text.length() > MAX_ERROR_CHARS ? text.substring(0, MAX_ERROR_CHARS) : text;
    }
}
