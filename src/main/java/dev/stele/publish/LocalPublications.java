package dev.stele.publish;

import dev.stele.definition.LocalDefinitions;
import dev.stele.definition.Programs;
import dev.stele.definition.Understood;
import dev.stele.event.Payload;
import dev.stele.log.EventLog;
import dev.stele.postgres.Schema;
import dev.stele.subscription.LeaseKeeper;
import dev.stele.subscription.ParkedTable;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/** The publications that this replica may run. In rounds, it tells how long its own ones take. */
@ApplicationScoped
class LocalPublications {

    private final Schema schema;
    private final LeaseKeeper leases;
    private final Definitions texts;
    private final Publication.Tools tools;
    private final LocalDefinitions<PublicationTable.Known, Publication> definitions;

    LocalPublications(
            Schema schema,
            EventLog log,
            Restoration restoration,
            LeaseKeeper leases,
            CheckpointSaver saver,
            PublicationTable table,
            ParkedTable parked,
            Writers writers,
            Topics topics,
            Programs programs,
            Delays delays,
            Definitions texts,
            PublicationConfig config) {
        this.schema = schema;
        this.leases = leases;
        this.texts = texts;
        this.tools =
                new Publication.Tools(
                        log,
                        restoration,
                        saver,
                        table,
                        parked,
                        writers,
                        topics,
                        programs,
                        delays,
                        config);
        this.definitions = new LocalDefinitions<>(new Versions(), programs);
    }

    void start(@Observes StartupEvent event) {
        definitions.start(schema, tools.config().refresh());
    }

    void stop(@Observes ShutdownEvent event) {
        definitions.stop();
    }

    /** Reads which publications there are, and starts and stops them accordingly. */
    Uni<Void> refresh() {
        return definitions.refresh();
    }

    /** Why a publication cannot run here; empty when it can. */
    Optional<String> problem(PublicationName name) {
        return definitions.problem(name.subscription());
    }

    /** Versions of publications, as their definitions are kept up with. */
    private final class Versions
            implements LocalDefinitions.Kind<PublicationTable.Known, Publication> {

        @Override
        public String label() {
            return "publications";
        }

        @Override
        public Uni<List<PublicationTable.Known>> read(List<PublicationTable.Known> known) {
            return tools.table().all(known.stream().map(PublicationTable.Known::version).toList());
        }

        @Override
        public Understood<Publication> understand(PublicationTable.Known found) {
            String text = Objects.requireNonNullElseGet(found.definition(), texts::builtInText);
            return texts.understand(Payload.of(text).bytes())
                    .map(compiled -> new Publication(found.version(), compiled, tools));
        }

        @Override
        public void start(Publication publication) {
            leases.add(publication);
        }

        @Override
        public void stop(Publication publication) {
            leases.remove(publication.name());
        }

        @Override
        public Uni<Void> started() {
            return leases.round();
        }

        @Override
        public void refreshed(List<PublicationTable.Known> all) {
            tools.delays()
                    .retain(
                            all.stream()
                                    .map(known -> known.version().name())
                                    .collect(Collectors.toSet()));
        }

        /** Tells how long those of this replica take. */
        @Override
        public Uni<Void> round() {
            Map<PublicationTable.Version, Delay.Percentiles> measured = new HashMap<>();
            for (Publication publication : definitions.all()) {
                if (publication.delay().isFresh()) {
                    measured.put(publication.version(), publication.delay().percentiles());
                }
            }
            return measured.isEmpty()
                    ? Uni.createFrom().voidItem()
                    : tools.table().saveDelays(measured);
        }
    }
}
