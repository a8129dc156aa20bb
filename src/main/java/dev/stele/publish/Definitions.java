package dev.stele.publish;

import dev.stele.definition.Programs;
import dev.stele.definition.Understood;
import dev.stele.event.Payload;
import dev.stele.json.Parsed;
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

    /** The topic of the publication that is always there. */
    String builtInTopic() {
        return topics.named(EVENTS_TOPIC);
    }

    /** The definition of that: every event, data as stored. */
    String builtInText() {
        return "{\"topic\":\"%s\"}".formatted(builtInTopic());
    }

    /** Reads a definition and compiles its programs. */
    Understood<CompiledPublication> understand(byte[] text) {
        return Understood.of(read(text), programs.limits(), CompiledPublication::compile);
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
