package dev.stele.view;

import dev.stele.event.GlobalPosition;
import dev.stele.event.Payload;
import dev.stele.log.Head;
import dev.stele.postgres.Schema;
import dev.stele.subscription.Checkpoints;
import dev.stele.subscription.LeaseKeeper;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * What this replica knows of the views: the updaters that it may run. In rounds, it learns what
 * there is, lets versions that are built take their names, and clears away what is gone.
 */
@ApplicationScoped
class LocalViews {

    private static final Logger LOG = Logger.getLogger(LocalViews.class);

    private final Schema schema;
    private final ViewTable table;
    private final Head head;
    private final LeaseKeeper leases;
    private final CheckpointWatch watch;
    private final ViewConfig config;
    private final ViewUpdater.Tools tools;

    private final Map<Integer, Local> locals = new ConcurrentHashMap<>();
    private final Map<Integer, ViewTable.Version> unbuilt = new ConcurrentHashMap<>();
    private final AtomicLong readings = new AtomicLong();
    private long lastReading;
    private volatile @Nullable GlobalPosition headOfLastRound;
    private @Nullable Cancellable rounds;

    LocalViews(
            Schema schema,
            ViewTable table,
            EntryTable entries,
            Head head,
            LeaseKeeper leases,
            Checkpoints checkpoints,
            CheckpointWatch watch,
            Programs programs,
            ViewConfig config) {
        this.schema = schema;
        this.table = table;
        this.head = head;
        this.leases = leases;
        this.watch = watch;
        this.config = config;
        this.tools = new ViewUpdater.Tools(entries, checkpoints, programs, this::moved, config);
    }

    private sealed interface Local {
        record Ready(ViewUpdater updater) implements Local {}

        /** Its stored definition was accepted once and is not any more. */
        record Broken(String because) implements Local {}
    }

    void start(@Observes StartupEvent event) {
        rounds =
                schema.refreshing("views", this::round, config.refresh())
                        .subscribe()
                        .with(_ -> {}, bug -> LOG.error("views are no longer refreshed", bug));
    }

    void stop(@Observes ShutdownEvent event) {
        if (rounds != null) {
            rounds.cancel();
        }
    }

    /** Why a version cannot run here; empty when it can. */
    Optional<String> problem(int id) {
        return locals.get(id) instanceof Local.Broken(var because)
                ? Optional.of(because)
                : Optional.empty();
    }

    /** How fast a version moves; empty unless this replica runs it. */
    OptionalDouble positionsPerSecond(int id) {
        return locals.get(id) instanceof Local.Ready(var updater)
                ? updater.positionsPerSecond()
                : OptionalDouble.empty();
    }

    private Uni<Void> round() {
        return learn().chain(this::settleAll)
                .chain(head::read)
                .invoke(newest -> headOfLastRound = newest)
                .chain(_ -> table.deleteRemovedEntries());
    }

    /** Reads which views there are, and starts and stops updaters accordingly. */
    Uni<Void> learn() {
        long reading = readings.incrementAndGet();
        return table.versions(locals.keySet())
                .chain(versions -> tools.programs().call(() -> understood(versions)))
                .map(known -> apply(reading, known))
                .chain(news -> news ? leases.round() : Uni.createFrom().voidItem());
    }

    private record Known(List<ViewTable.Version> versions, Map<Integer, Local> news) {}

    private Known understood(List<ViewTable.Version> versions) {
        Map<Integer, Local> news = new HashMap<>();
        for (ViewTable.Version version : versions) {
            String definition = version.definition();
            if (definition != null) {
                news.put(version.id(), local(version, definition));
            }
        }
        return new Known(versions, news);
    }

    private Local local(ViewTable.Version version, String definition) {
        return switch (Understood.of(Payload.of(definition).bytes(), config)) {
            case Understood.Runs(var view) ->
                    new Local.Ready(new ViewUpdater(version.id(), view, tools));
            case Understood.Refused(var refusal) ->
                    new Local.Broken("the stored definition is refused: " + refusal);
        };
    }

    /** A reading that began before one that is in effect is old news. */
    private synchronized boolean apply(long reading, Known known) {
        if (reading <= lastReading) {
            return false;
        }
        lastReading = reading;
        Set<Integer> ids =
                known.versions().stream().map(ViewTable.Version::id).collect(Collectors.toSet());
        for (Integer id : List.copyOf(locals.keySet())) {
            if (!ids.contains(id)) {
                locals.remove(id);
                leases.remove(ViewUpdater.subscription(id));
            }
        }
        unbuilt.keySet().retainAll(ids);
        boolean news = false;
        for (ViewTable.Version version : known.versions()) {
            news |= add(version, known.news().get(version.id()));
        }
        return news;
    }

    private boolean add(ViewTable.Version version, @Nullable Local local) {
        if (version.built()) {
            unbuilt.remove(version.id());
        } else {
            unbuilt.put(version.id(), version);
        }
        if (local == null || locals.putIfAbsent(version.id(), local) != null) {
            return false;
        }
        switch (local) {
            case Local.Ready(var updater) -> leases.add(updater);
            case Local.Broken(var because) ->
                    LOG.warnf(
                            "view %s version %d cannot run: %s",
                            version.name(), version.number(), because);
        }
        return true;
    }

    private Uni<Void> settleAll() {
        Uni<Void> all = Uni.createFrom().voidItem();
        for (ViewTable.Version version : unbuilt.values()) {
            all = all.chain(() -> settle(version, version.position()));
        }
        return all;
    }

    /** An updater of this replica has come to {@code checkpoint}. */
    private Uni<Void> moved(int id, GlobalPosition checkpoint) {
        watch.moved();
        ViewTable.Version version = unbuilt.get(id);
        return version == null
                ? Uni.createFrom().voidItem()
                : settle(version, checkpoint).onFailure().recoverWithNull();
    }

    /**
     * A version is built when it has come to where the head was a round ago: while events keep
     * coming, none is ever at the head itself.
     */
    private Uni<Void> settle(ViewTable.Version version, GlobalPosition checkpoint) {
        GlobalPosition end = headOfLastRound;
        if (end == null || !checkpoint.reached(end)) {
            return Uni.createFrom().voidItem();
        }
        Uni<Boolean> settled =
                version.live()
                        ? table.markBuilt(version.id()).replaceWith(true)
                        : table.promote(version.id(), end).invoke(won -> tell(version, won));
        return settled.invoke(done -> forget(version, done)).replaceWithVoid();
    }

    private static void tell(ViewTable.Version version, boolean won) {
        if (won) {
            LOG.infof("version %d of view %s is live", version.number(), version.name());
        }
    }

    private void forget(ViewTable.Version version, boolean done) {
        if (done) {
            unbuilt.remove(version.id(), version);
        }
    }
}
