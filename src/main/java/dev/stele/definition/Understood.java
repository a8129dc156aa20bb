package dev.stele.view;

import dev.stele.definition.PutResult;
import dev.stele.json.Parsed;

/** What a definition's text came to. */
sealed interface Understood {

    /** It can run. */
    record Runs(CompiledView view) implements Understood {}

    /** It cannot; the refusal is none of the results that change anything. */
    record Refused(PutResult refusal) implements Understood {}

    static Understood of(byte[] text, ViewConfig config) {
        return switch (DefinitionReader.read(text, config)) {
            case Parsed.Invalid(var flaws) -> new Refused(new PutResult.Invalid(flaws));
            case Parsed.TooLarge(_, var limit, var actual, var max) ->
                    new Refused(new PutResult.TooLarge(limit, actual, max));
            case Parsed.Valid(var definition) -> compiled(definition, config);
        };
    }

    private static Understood compiled(ViewDefinition definition, ViewConfig config) {
        return switch (CompiledView.compile(definition, Programs.limits(config.program()))) {
            case CompiledView.Compilation.Compiled(var view) -> new Runs(view);
            case CompiledView.Compilation.Uncompilable(var flaws) ->
                    new Refused(new PutResult.Uncompilable(flaws));
        };
    }
}
