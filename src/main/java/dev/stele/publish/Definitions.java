package dev.stele.publish;

import dev.stele.definition.PutResult;
import dev.stele.event.Payload;
import dev.stele.json.Parsed;
import dev.stele.view.Programs;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/** What the texts of definitions come to. */
@ApplicationScoped
class Definitions {

    private static final String EVENTS_TOPIC = "events";

    private final Topics topics;
    private final Programs programs;
    private final PublicationConfig config;

    Definitions(Topics topics, Programs programs, PublicationConfig config) {
        this.topics = topics;
        this.programs = programs;
        this.config = config;
    }

    /** What a text came to. */
    sealed interface Understood {

        /** It can run. */
        record Runs(PublicationDefinition definition, CompiledPublication compiled)
                implements Understood {}

        /** It cannot; the refusal is none of the results that change anything. */
        record Refused(PutResult refusal) implements Understood {}
    }

    /** That of the publication that is always there. */
    CompiledPublication builtIn() {
        return CompiledPublication.plain(topics.named(EVENTS_TOPIC));
    }

    /** The text of that. */
    String builtInText() {
        return "{\"topic\":\"%s\"}".formatted(topics.named(EVENTS_TOPIC));
    }

    Understood understand(byte[] text) {
        return switch (read(text)) {
            case Parsed.Invalid(var flaws) -> new Understood.Refused(new PutResult.Invalid(flaws));
            case Parsed.TooLarge(_, var limit, var actual, var max) ->
                    new Understood.Refused(new PutResult.TooLarge(limit, actual, max));
            case Parsed.Valid(var definition) ->
                    switch (CompiledPublication.compile(definition, programs.limits())) {
                        case CompiledPublication.Compilation.Compiled(var compiled) ->
                                new Understood.Runs(definition, compiled);
                        case CompiledPublication.Compilation.Uncompilable(var flaws) ->
                                new Understood.Refused(new PutResult.Uncompilable(flaws));
                    };
        };
    }

    /** A definition that was stored; empty when it is refused by now. */
    Optional<PublicationDefinition> stored(Payload text) {
        return read(text.bytes()) instanceof Parsed.Valid(var definition)
                ? Optional.of(definition)
                : Optional.empty();
    }

    private Parsed<PublicationDefinition> read(byte[] text) {
        return PublicationReader.read(text, config.definitionBytes(), topics.checkpoints());
    }
}
