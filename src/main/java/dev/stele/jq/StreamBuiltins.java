package dev.stele.jq;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Builtins that decide how many values there are: generators, and what ends them early. */
final class StreamBuiltins {
    private StreamBuiltins() {}

    static void register() {
        Builtins.register("empty/0", _ -> (env, in, at, out) -> env.budget.step());
        Builtins.register("error/0", _ -> StreamBuiltins::raise);
        Builtins.register("first/1", arguments -> limited(Numbers.of(1), arguments.getFirst()));
        Builtins.register("limit/2", StreamBuiltins::limit);
        Builtins.register("recurse/1", arguments -> recursion(arguments.getFirst()));
        Builtins.register(
                "range/1",
                arguments ->
                        range(List.of(zero(), arguments.getFirst(), Flow.literal(Numbers.of(1)))));
        Builtins.register(
                "range/2",
                arguments ->
                        range(
                                List.of(
                                        arguments.getFirst(),
                                        arguments.getLast(),
                                        Flow.literal(Numbers.of(1)))));
        Builtins.register("range/3", StreamBuiltins::range);
    }

    private static Filter zero() {
        return Flow.literal(Numbers.of(0));
    }

    private static void raise(Env env, JsonNode in, @Nullable Path at, Filter.Out out) {
        env.budget.step();
        throw new Signal.Raised(in);
    }

    private static Filter limit(List<Filter> arguments) {
        Filter counts = arguments.getFirst();
        Filter values = arguments.getLast();
        return (env, in, at, out) ->
                counts.run(
                        env, in, null, (count, _) -> limited(count, values).run(env, in, at, out));
    }

    /** Stops right after the last value it lets through; a negative count lets all through. */
    private static Filter limited(JsonNode count, Filter values) {
        double most = Numbers.number(count);
        if (most < 0) {
            return values;
        }
        return (env, in, at, out) -> {
            if (most == 0) {
                return;
            }
            Signal.Mark label = new Signal.Mark();
            long[] seen = new long[1];
            Filter.Out counting =
                    (value, path) -> {
                        env.budget.step();
                        seen[0]++;
                        out.emit(value, path);
                        if (seen[0] >= most) {
                            throw new Signal.Break(label);
                        }
                    };
            Flow.stoppable(env.budget, label, () -> values.run(env, in, at, counting));
        };
    }

    /** The value, what the filter makes of it, and so on, parents first. */
    private static Filter recursion(Filter filter) {
        return (env, in, at, out) -> recurse(filter, env, in, at, out);
    }

    /** The last value of each round is a loop rather than a call: a chain may be of any length. */
    private static void recurse(
            Filter filter, Env env, JsonNode in, @Nullable Path at, Filter.Out out) {
        env.budget.enter();
        Place place = new Place(in, at);
        while (place != null) {
            env.budget.step();
            out.emit(place.value, place.path);
            Place[] last = new Place[1];
            filter.run(
                    env,
                    place.value,
                    place.path,
                    (value, path) -> {
                        if (last[0] != null) {
                            recurse(filter, env, last[0].value, last[0].path, out);
                        }
                        last[0] = new Place(value, path);
                    });
            place = last[0];
        }
        env.budget.leave();
    }

    private record Place(JsonNode value, @Nullable Path path) {}

    private static Filter range(List<Filter> arguments) {
        Filter froms = arguments.get(0);
        Filter ends = arguments.get(1);
        Filter steps = arguments.get(2);
        return (env, in, at, out) ->
                froms.run(
                        env,
                        in,
                        null,
                        (from, _) ->
                                ends.run(
                                        env,
                                        in,
                                        null,
                                        (end, _) ->
                                                steps.run(
                                                        env,
                                                        in,
                                                        null,
                                                        (step, _) ->
                                                                count(
                                                                        env.budget,
                                                                        from,
                                                                        end,
                                                                        step,
                                                                        Path.ofComputed(at),
                                                                        out))));
    }

    /** A step of zero gives nothing. */
    private static void count(
            Budget budget,
            JsonNode from,
            JsonNode end,
            JsonNode step,
            @Nullable Path path,
            Filter.Out out) {
        double direction = Math.signum(Numbers.number(step));
        double last = Numbers.number(end);
        JsonNode current = Numbers.require(from);
        while (direction != 0 && (last - current.doubleValue()) * direction > 0) {
            budget.step();
            out.emit(current, path);
            current = Numbers.add(current, step);
        }
    }
}
