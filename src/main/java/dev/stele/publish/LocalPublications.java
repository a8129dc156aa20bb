package dev.stele.publish;

import dev.stele.event.Payload;
import dev.stele.log.EventLog;
import dev.stele.postgres.Schema;
import dev.stele.subscription.LeaseKeeper;
import dev.stele.subscription.ParkedTable;
import dev.stele.view.Programs;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * What this replica knows of the publications: those that it may run. In rounds, it learns what
 * there is, and tells how long its own ones take.
 */
@ApplicationScoped
class LocalPublications {

    private static final Logger LOG = Logger.getLogger(LocalPublications.class);

    private final Schema schema;
    private final LeaseKeeper leases;
    private final Definitions definitions;
    private final Publication.Tools tools;

    private final Map<PublicationName, Local> locals = new ConcurrentHashMap<>();
    private final AtomicLong readings = new AtomicLong();
    private long lastReading;
    private @Nullable Cancellable rounds;

    LocalPublications(
            Schema schema,
            EventLog log,
            LeaseKeeper leases,
            CheckpointSaver saver,
            PublicationTable table,
            ParkedTable parked,
            KafkaClients clients,
            Topics topics,
            Programs programs,
            Delays delays,
            Definitions definitions,
            PublicationConfig config) {
        this.schema = schema;
        this.leases = leases;
        this.definitions = definitions;
        this.tools =
                new Publication.Tools(
                        log, saver, table, parked, clients, topics, programs, delays, config);
    }

    private sealed interface Local {

        PublicationTable.Version version();

        record Ready(Publication publication, boolean paused) implements Local {
            @Override
            public PublicationTable.Version version() {
                return publication.version();
            }
        }

        /** Its stored definition was accepted once and is not any more. */
        record Broken(PublicationTable.Version version, String because) implements Local {}
    }

    void start(@Observes StartupEvent event) {
        rounds =
                schema.refreshing("publications", this::round, tools.config().refresh())
                        .subscribe()
                        .with(
                                _ -> {},
                                bug -> LOG.error("publications are no longer refreshed", bug));
    }

    void stop(@Observes ShutdownEvent event) {
        if (rounds != null) {
            rounds.cancel();
        }
    }

    /** Why a publication cannot run here; empty when it can. */
    Optional<String> problem(PublicationName name) {
        return locals.get(name) instanceof Local.Broken(_, var because)
                ? Optional.of(because)
                : Optional.empty();
    }

    private Uni<Void> round() {
        return learn().chain(this::tellDelays);
    }

    /** Reads which publications there are, and starts and stops accordingly. */
    Uni<Void> learn() {
        long reading = readings.incrementAndGet();
        Map<PublicationName, Local> before = Map.copyOf(locals);
        return tools.table()
                .all(before.values().stream().map(Local::version).toList())
                .chain(known -> tools.programs().call(() -> understood(before, known)))
                .map(understood -> apply(reading, understood))
                .chain(news -> news ? leases.round() : Uni.createFrom().voidItem());
    }

    private Map<PublicationName, Local> understood(
            Map<PublicationName, Local> before, List<PublicationTable.Known> known) {
        Map<PublicationName, Local> all = new HashMap<>();
        for (PublicationTable.Known each : known) {
            PublicationName name = each.version().name();
            all.put(name, local(before.get(name), each));
        }
        return all;
    }

    private Local local(@Nullable Local before, PublicationTable.Known known) {
        PublicationTable.Version version = known.version();
        if (before != null && before.version().equals(version)) {
            return before instanceof Local.Ready(var publication, _)
                    ? new Local.Ready(publication, known.paused())
                    : before;
        }
        String definition = known.definition();
        if (definition == null) {
            return ready(version, definitions.builtIn(), known.paused());
        }
        return switch (definitions.understand(Payload.of(definition).bytes())) {
            case Definitions.Understood.Runs(_, var compiled) ->
                    ready(version, compiled, known.paused());
            case Definitions.Understood.Refused(var refusal) ->
                    new Local.Broken(version, "the stored definition is refused: " + refusal);
        };
    }

    private Local ready(
            PublicationTable.Version version, CompiledPublication compiled, boolean paused) {
        return new Local.Ready(new Publication(version, compiled, tools), paused);
    }

    /** A reading that began before one that is in effect is old news. */
    private synchronized boolean apply(long reading, Map<PublicationName, Local> known) {
        if (reading <= lastReading) {
            return false;
        }
        lastReading = reading;
        Set<PublicationName> gone = new HashSet<>(locals.keySet());
        gone.removeAll(known.keySet());
        gone.forEach(this::remove);
        boolean news = false;
        for (Local local : known.values()) {
            if (!local.equals(locals.get(local.version().name()))) {
                remove(local.version().name());
                news |= add(local);
            }
        }
        return news;
    }

    private void remove(PublicationName name) {
        locals.remove(name);
        leases.remove(name.subscription());
    }

    private boolean add(Local local) {
        PublicationTable.Version version = local.version();
        locals.put(version.name(), local);
        return switch (local) {
            case Local.Ready(var publication, boolean paused) -> {
                if (!paused) {
                    leases.add(publication);
                }
                yield !paused;
            }
            case Local.Broken(_, var because) -> {
                LOG.warnf(
                        "publication %s version %d cannot run: %s",
                        version.name(), version.number(), because);
                yield false;
            }
        };
    }

    private Uni<Void> tellDelays() {
        Map<PublicationTable.Version, Delay.Percentiles> measured = new HashMap<>();
        for (Local local : locals.values()) {
            if (local instanceof Local.Ready(var publication, _) && publication.delay().isFresh()) {
                measured.put(publication.version(), publication.delay().percentiles());
            }
        }
        return measured.isEmpty()
                ? Uni.createFrom().voidItem()
                : tools.table().saveDelays(measured);
    }
}
