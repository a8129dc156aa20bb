package dev.stele.definition;

import dev.stele.jq.JqLimits;
import dev.stele.json.Parsed;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the text of a definition came to.
 *
 * @param <R> what runs
 */
public sealed interface Understood<R> {

    /** It can run. */
    record Runs<R>(R runs) implements Understood<R> {}

    /** It cannot. */
    record Refused<R>(PutResult.Refusal refusal) implements Understood<R> {}

    /**
     * Compiles what was read.
     *
     * @param limits of the programs
     * @param compile makes what runs; null where a program is missing that did not compile
     */
    static <D, R> Understood<R> of(
            Parsed<D> read,
            JqLimits limits,
            BiFunction<D, Programs.Compiler, @Nullable R> compile) {
        return switch (read) {
            case Parsed.Invalid(var flaws) -> new Refused<>(new PutResult.Invalid(flaws));
            case Parsed.TooLarge(_, var limit, var actual, var max) ->
                    new Refused<>(new PutResult.TooLarge(limit, actual, max));
            case Parsed.Valid(var definition) -> {
                Programs.Compiler programs = new Programs.Compiler(limits);
                @Nullable R compiled = compile.apply(definition, programs);
                yield programs.flaws().isEmpty()
                        ? new Runs<>(Objects.requireNonNull(compiled))
                        : new Refused<>(new PutResult.Uncompilable(programs.flaws()));
            }
        };
    }

    /** The same of something that is made from what runs. */
    default <T> Understood<T> map(Function<? super R, T> made) {
        return switch (this) {
            case Runs<R>(var runs) -> new Runs<>(made.apply(runs));
            case Refused<R>(var refusal) -> new Refused<>(refusal);
        };
    }
}
