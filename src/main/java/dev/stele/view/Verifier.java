package dev.stele.view;

import dev.stele.definition.Programs;
import dev.stele.definition.Understood;
import dev.stele.event.Payload;
import dev.stele.job.Jobs;
import dev.stele.log.EventLog;
import dev.stele.postgres.Schema;
import dev.stele.subscription.LeaseKeeper;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Checks views against the log, when somebody asks for it or when it is time, and shows what the
 * last checks came to as metrics. In its rounds a replica looks after the views that it runs.
 */
@ApplicationScoped
class Verifier {

    private static final Logger LOG = Logger.getLogger(Verifier.class);
    private static final String KIND = "verify-view";

    private final Schema schema;
    private final VerifyTable table;
    private final Jobs jobs;
    private final LeaseKeeper leases;
    private final Programs programs;
    private final ViewConfig config;
    private final Verification.Tools tools;
    private final MultiGauge verifiedKeys;
    private final MultiGauge differentKeys;

    /** When a check was last begun by itself here. One that fails is not begun again at once. */
    private final Map<ViewName, Long> begunNanos = new HashMap<>();

    private @Nullable Cancellable rounds;

    Verifier(
            Schema schema,
            VerifyTable table,
            EventLog log,
            Jobs jobs,
            LeaseKeeper leases,
            Programs programs,
            ViewConfig config,
            MeterRegistry registry) {
        this.schema = schema;
        this.table = table;
        this.jobs = jobs;
        this.leases = leases;
        this.programs = programs;
        this.config = config;
        this.tools = new Verification.Tools(table, log, programs, config);
        this.verifiedKeys =
                MultiGauge.builder("stele.view.verified.keys")
                        .description("Keys that the last check compared with their fold")
                        .register(registry);
        this.differentKeys =
                MultiGauge.builder("stele.view.different.keys")
                        .description("Keys of the last check with another entry than their fold")
                        .register(registry);
    }

    void start(@Observes StartupEvent event) {
        rounds =
                schema.refreshing("checks of views", this::round, config.verify().round())
                        .subscribe()
                        .with(_ -> {}, bug -> LOG.error("views are no longer checked", bug));
    }

    void stop(@Observes ShutdownEvent event) {
        if (rounds != null) {
            rounds.cancel();
        }
    }

    /** Starts a check of so many keys, or all; empty when there is no such view. */
    Uni<Optional<Jobs.Asked>> verify(ViewName name, OptionalInt sample) {
        return table.live(name)
                .chain(
                        found ->
                                found.isEmpty()
                                        ? Uni.createFrom().item(Optional.empty())
                                        : start(name, found.get(), sample).map(Optional::of));
    }

    private Uni<Jobs.Asked> start(ViewName name, VerifyTable.Live version, OptionalInt sample) {
        byte[] definition = Payload.of(version.definition()).bytes();
        return programs.call(
                        () -> DefinitionReader.understand(definition, config, programs.limits()))
                .map(
                        understood ->
                                switch (understood) {
                                    case Understood.Runs<CompiledView>(var view) ->
                                            work(name, version, view, sample);
                                    case Understood.Refused<CompiledView>(var refusal) ->
                                            refused("the stored definition is refused: " + refusal);
                                })
                .chain(work -> jobs.start(KIND, name.value(), work));
    }

    private Jobs.Work work(
            ViewName name, VerifyTable.Live version, CompiledView view, OptionalInt sample) {
        return progress -> new Verification(name, version, view, tools).run(sample, progress);
    }

    private static Jobs.Work refused(String because) {
        return _ -> Uni.createFrom().item(new Jobs.Outcome.Failed(because));
    }

    /** Shows what is known, and begins what is due. */
    Uni<Void> round() {
        return table.verified(leases.replica(), config.verify().every())
                .invoke(this::show)
                .chain(this::beginDue);
    }

    private void show(List<VerifyTable.Verified> all) {
        verifiedKeys.register(rows(all, VerifyTable.Verified::keys), true);
        differentKeys.register(rows(all, VerifyTable.Verified::different), true);
    }

    private static List<MultiGauge.Row<?>> rows(
            List<VerifyTable.Verified> all, Function<VerifyTable.Verified, @Nullable Long> count) {
        List<MultiGauge.Row<?>> rows = new ArrayList<>();
        for (VerifyTable.Verified one : all) {
            Long number = count.apply(one);
            if (number != null) {
                rows.add(MultiGauge.Row.of(Tags.of("view", one.name().value()), number));
            }
        }
        return rows;
    }

    private Uni<Void> beginDue(List<VerifyTable.Verified> all) {
        Uni<Void> checks = Uni.createFrom().voidItem();
        for (VerifyTable.Verified one : all) {
            if (one.due() && !begunLately(one.name())) {
                checks = checks.chain(() -> begin(one.name()));
            }
        }
        begunNanos.keySet().retainAll(all.stream().map(VerifyTable.Verified::name).toList());
        return checks;
    }

    private boolean begunLately(ViewName name) {
        Long begun = begunNanos.get(name);
        long pause = config.verify().every().map(Duration::toNanos).orElse(Long.MAX_VALUE);
        return begun != null && System.nanoTime() - begun < pause;
    }

    private Uni<Void> begin(ViewName name) {
        return verify(name, OptionalInt.of(config.verify().sample()))
                .invoke(
                        asked -> {
                            if (asked.orElse(null) instanceof Jobs.Asked.Runs) {
                                begunNanos.put(name, System.nanoTime());
                            }
                        })
                .replaceWithVoid();
    }
}
