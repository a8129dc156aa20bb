package dev.stele.jq;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The builtins that are made in Java, by name and number of arguments: the whole allow-list. */
final class Builtins {
    private static final Map<String, Maker> MAKERS = new HashMap<>();

    static {
        ValueBuiltins.register();
        StringBuiltins.register();
        CollectionBuiltins.register();
        StreamBuiltins.register();
        PathBuiltins.register();
    }

    private Builtins() {}

    @FunctionalInterface
    interface Maker {
        Filter make(List<Filter> arguments);
    }

    @FunctionalInterface
    interface OfInput {
        JsonNode apply(Budget budget, JsonNode in);
    }

    @FunctionalInterface
    interface OfTwo {
        JsonNode apply(Budget budget, JsonNode in, JsonNode first, JsonNode second);
    }

    static Filter call(Tokens.Word word, List<Filter> arguments) {
        String signature = word.text() + "/" + arguments.size();
        Maker maker = MAKERS.get(signature);
        if (maker == null) {
            throw word.refuse("the function " + signature + " is not defined");
        }
        return maker.make(arguments);
    }

    /** {@code signature} is the name, a slash, and the number of arguments. */
    static void register(String signature, Maker maker) {
        if (MAKERS.put(signature, maker) != null) {
            throw new IllegalStateException(signature + " is there twice");
        }
    }

    static void function(String name, OfInput function) {
        register(name + "/0", _ -> Filter.computed((env, in) -> function.apply(env.budget, in)));
    }

    /** Once for each value of the argument. */
    static void function(String name, Operators.Binary function) {
        register(
                name + "/1",
                arguments -> {
                    Filter argument = arguments.getFirst();
                    return (env, in, at, out) ->
                            argument.run(
                                    env,
                                    in,
                                    null,
                                    (value, _) -> {
                                        env.budget.step();
                                        out.emit(
                                                function.apply(env.budget, in, value),
                                                Path.ofComputed(at));
                                    });
                });
    }

    /** Once for each pair of values of the arguments. */
    static void function(String name, OfTwo function) {
        register(
                name + "/2",
                arguments -> {
                    Filter first = arguments.getFirst();
                    Filter second = arguments.getLast();
                    return (env, in, at, out) ->
                            first.run(
                                    env,
                                    in,
                                    null,
                                    (a, _) ->
                                            second.run(
                                                    env,
                                                    in,
                                                    null,
                                                    (b, _) -> {
                                                        env.budget.step();
                                                        out.emit(
                                                                function.apply(
                                                                        env.budget, in, a, b),
                                                                Path.ofComputed(at));
                                                    }));
                });
    }
}
