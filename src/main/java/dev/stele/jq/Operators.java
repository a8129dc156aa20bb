package dev.stele.jq;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.function.IntPredicate;

/** Infix operators except assignment; of two operands, the right one is the outer loop. */
final class Operators {
    private Operators() {}

    @FunctionalInterface
    interface Maker {
        Filter make(Filter left, Filter right);
    }

    /** Pays the budget before it makes anything. */
    @FunctionalInterface
    interface Binary {
        JsonNode apply(Budget budget, JsonNode left, JsonNode right);
    }

    static Filter binary(Filter left, Filter right, Binary function) {
        return (env, in, at, out) ->
                right.run(
                        env,
                        in,
                        null,
                        (r, _) ->
                                left.run(
                                        env,
                                        in,
                                        null,
                                        (l, _) -> {
                                            env.budget.step();
                                            out.emit(
                                                    function.apply(env.budget, l, r),
                                                    Path.ofComputed(at));
                                        }));
    }

    static Filter comparison(Filter left, Filter right, IntPredicate test) {
        return binary(
                left, right, (budget, l, r) -> Json.of(test.test(Order.compare(budget, l, r))));
    }

    static Filter negated(Filter operand) {
        return (env, in, at, out) ->
                operand.run(
                        env,
                        in,
                        null,
                        (value, _) -> out.emit(Numbers.negate(value), Path.ofComputed(at)));
    }

    static Filter and(Filter left, Filter right) {
        return logical(left, right, false);
    }

    static Filter or(Filter left, Filter right) {
        return logical(left, right, true);
    }

    private static Filter logical(Filter left, Filter right, boolean decides) {
        return (env, in, at, out) ->
                left.run(
                        env,
                        in,
                        null,
                        (l, _) -> {
                            env.budget.step();
                            if (Json.isTrue(l) == decides) {
                                out.emit(Json.of(decides), Path.ofComputed(at));
                                return;
                            }
                            right.run(
                                    env,
                                    in,
                                    null,
                                    (r, _) ->
                                            out.emit(Json.of(Json.isTrue(r)), Path.ofComputed(at)));
                        });
    }

    /**
     * {@code a // b}: what is neither false nor null of a, whose errors do not count, or else b.
     */
    static Filter alternative(Filter left, Filter right) {
        Filter quiet = Flow.attempt(left, null);
        return (env, in, at, out) -> {
            boolean[] any = new boolean[1];
            quiet.run(
                    env,
                    in,
                    at,
                    (value, path) -> {
                        env.budget.step();
                        if (Json.isTrue(value)) {
                            any[0] = true;
                            out.emit(value, path);
                        }
                    });
            if (!any[0]) {
                right.run(env, in, at, out);
            }
        };
    }
}
