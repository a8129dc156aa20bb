package dev.stele.jq;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.function.Consumer;

/** A compiled pattern of {@code as}: takes a value apart and goes on with what it found bound. */
@FunctionalInterface
interface Binder {

    void bind(Env env, JsonNode value, Consumer<Env> next);

    static Binder nothing() {
        return (env, value, next) -> next.accept(env);
    }

    static Binder variable() {
        return (env, value, next) -> next.accept(env.with(value));
    }

    default Binder then(Binder other) {
        return (env, value, next) -> bind(env, value, bound -> other.bind(bound, value, next));
    }

    /** Binds what lies in the value under each of the keys. */
    default Binder at(Filter keys) {
        return (env, value, next) ->
                keys.run(
                        env,
                        value,
                        null,
                        (key, _) -> bind(env, Access.get(env.budget, value, key), next));
    }
}
