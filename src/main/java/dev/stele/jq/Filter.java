package dev.stele.jq;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/** A compiled expression: pushes each of its values into {@code out}; immutable. */
@FunctionalInterface
interface Filter {

    /** When {@code at} is not null, it is the path of {@code in}, and values come with theirs. */
    void run(Env env, JsonNode in, @Nullable Path at, Out out);

    @FunctionalInterface
    interface Out {
        void emit(JsonNode value, @Nullable Path path);
    }

    /** A filter of one value that lies nowhere. */
    @FunctionalInterface
    interface Computed {
        JsonNode of(Env env, JsonNode in);
    }

    static Filter computed(Computed function) {
        return (env, in, at, out) -> {
            env.budget.step();
            out.emit(function.of(env, in), Path.ofComputed(at));
        };
    }
}
