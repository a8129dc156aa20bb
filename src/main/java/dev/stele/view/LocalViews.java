package dev.stele.view;

import dev.stele.definition.LocalDefinitions;
import dev.stele.definition.Programs;
import dev.stele.definition.Understood;
import dev.stele.event.GlobalPosition;
import dev.stele.event.Payload;
import dev.stele.log.Head;
import dev.stele.postgres.Schema;
import dev.stele.subscription.Checkpoints;
import dev.stele.subscription.LeaseKeeper;
import dev.stele.subscription.Passage;
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
import java.util.OptionalDouble;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The views that this replica may run. In rounds, it lets versions that are built take their names,
 * and clears away what is gone.
 */
@ApplicationScoped
class LocalViews {

    private static final Logger LOG = Logger.getLogger(LocalViews.class);

    private final Schema schema;
    private final ViewTable table;
    private final Head head;
    private final LeaseKeeper leases;
    private final CheckpointWatch watch;
    private final ViewFilters filters;
    private final Passage passage;
    private final ViewConfig config;
    private final ViewUpdater.Tools tools;

    private final LocalDefinitions<ViewTable.Version, ViewUpdater> definitions;
    private final Map<Integer, ViewTable.Version> unbuilt = new ConcurrentHashMap<>();
    private volatile @Nullable GlobalPosition headOfLastRound;

    LocalViews(
            Schema schema,
            ViewTable table,
            EntryTable entries,
            Head head,
            LeaseKeeper leases,
            Checkpoints checkpoints,
            CheckpointWatch watch,
            ViewFilters filters,
            Passage passage,
            Programs programs,
            ViewConfig config) {
        this.schema = schema;
        this.table = table;
        this.head = head;
        this.leases = leases;
        this.watch = watch;
        this.filters = filters;
        this.passage = passage;
        this.config = config;
        this.tools =
                new ViewUpdater.Tools(
                        entries, checkpoints, programs, this::moved, table::rebuild, config);
        this.definitions = new LocalDefinitions<>(new Versions(), programs);
    }

    void start(@Observes StartupEvent event) {
        definitions.start(schema, config.refresh());
    }

    void stop(@Observes ShutdownEvent event) {
        definitions.stop();
    }

    /** Reads which views there are, and starts and stops updaters accordingly. */
    Uni<Void> refresh() {
        return definitions.refresh();
    }

    /** Why a version cannot run here; empty when it can. */
    Optional<String> problem(int id) {
        return definitions.problem(ViewUpdater.subscription(id));
    }

    /** How fast a version moves; empty unless this replica runs it. */
    OptionalDouble positionsPerSecond(int id) {
        return definitions
                .get(ViewUpdater.subscription(id))
                .map(ViewUpdater::positionsPerSecond)
                .orElseGet(OptionalDouble::empty);
    }

    /** Versions of views, as their definitions are kept up with. */
    private final class Versions implements LocalDefinitions.Kind<ViewTable.Version, ViewUpdater> {

        @Override
        public String label() {
            return "views";
        }

        @Override
        public Uni<List<ViewTable.Version>> read(List<ViewTable.Version> known) {
            return table.versions(known);
        }

        @Override
        public Understood<ViewUpdater> understand(ViewTable.Version version) {
            byte[] text = Payload.of(Objects.requireNonNull(version.definition())).bytes();
            return DefinitionReader.understand(text, config, tools.programs().limits())
                    .map(view -> new ViewUpdater(version.id(), view, tools));
        }

        @Override
        public void start(ViewUpdater updater) {
            filters.put(updater.viewId(), updater.filter());
            leases.add(updater);
        }

        @Override
        public void stop(ViewUpdater updater) {
            filters.remove(updater.viewId());
            leases.remove(updater.name());
        }

        @Override
        public Uni<Void> started() {
            return leases.round();
        }

        @Override
        public void refreshed(List<ViewTable.Version> all) {
            Map<Integer, ViewTable.Version> found = new HashMap<>();
            for (ViewTable.Version version : all) {
                if (!version.built()) {
                    found.put(version.id(), version);
                }
            }
            unbuilt.keySet().retainAll(found.keySet());
            unbuilt.putAll(found);
        }

        @Override
        public Uni<Void> round() {
            return settleAll()
                    .chain(head::read)
                    .invoke(newest -> headOfLastRound = newest)
                    .chain(_ -> table.deleteRemovedEntries());
        }
    }

    private Uni<Void> settleAll() {
        Uni<Void> all = Uni.createFrom().voidItem();
        for (ViewTable.Version version : unbuilt.values()) {
            all = all.chain(() -> passed(version).chain(at -> settle(version, at)));
        }
        return all;
    }

    /** How far a version is, and what is left to pass that does not concern it is passed. */
    private Uni<GlobalPosition> passed(ViewTable.Version version) {
        return filters.of(version.id())
                .map(
                        filter ->
                                passage.pass(
                                        ViewUpdater.subscription(version.id()),
                                        filter,
                                        version.position(),
                                        head.known()))
                .orElseGet(() -> Uni.createFrom().item(version.position()));
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
