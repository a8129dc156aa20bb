package dev.stele.jq;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What names mean while a program runs: a chain of values, closures and labels, the latest first.
 *
 * <p>{@code Scope} lays the chain out at compile time, so that a name is a distance here.
 */
final class Env {
    final Budget budget;
    private final @Nullable Env up;
    private final @Nullable Object bound;

    private Env(Budget budget, @Nullable Env up, @Nullable Object bound) {
        this.budget = budget;
        this.up = up;
        this.bound = bound;
    }

    /** An argument as it was passed: to be run where it was written. */
    record Closure(Filter body, Env env) {}

    static Env root(Budget budget) {
        return new Env(budget, null, null);
    }

    Env with(Object value) {
        return new Env(budget, this, value);
    }

    Env up(int distance) {
        Env env = this;
        for (int i = 0; i < distance; i++) {
            env = Objects.requireNonNull(env.up);
        }
        return env;
    }

    JsonNode value(int distance) {
        return (JsonNode) bound(distance);
    }

    Closure closure(int distance) {
        return (Closure) bound(distance);
    }

    Signal.Mark label(int distance) {
        return (Signal.Mark) bound(distance);
    }

    private Object bound(int distance) {
        return Objects.requireNonNull(up(distance).bound);
    }
}
