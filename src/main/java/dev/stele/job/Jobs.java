package dev.stele.job;

import dev.stele.job.JobTable.Renewed;
import dev.stele.postgres.DatabaseFailure;
import dev.stele.postgres.Schema;
import dev.stele.postgres.Unchanged;
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
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoubleConsumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Starts jobs at this replica, and tells how those of all replicas are doing. */
@ApplicationScoped
public class Jobs {

    private static final Logger LOG = Logger.getLogger(Jobs.class);

    private final String replica = UUID.randomUUID().toString();
    private final Schema schema;
    private final JobTable table;
    private final JobConfig config;
    private final Map<UUID, Running> running = new ConcurrentHashMap<>();
    private final AtomicInteger taken = new AtomicInteger();
    private final Unchanged<Renewed> seen = new Unchanged<>(System::nanoTime);
    private @Nullable Cancellable rounds;

    Jobs(Schema schema, JobTable table, JobConfig config) {
        this.schema = schema;
        this.table = table;
        this.config = config;
    }

    /** What a job does: told where to say how far it is, from 0 to 1. */
    @FunctionalInterface
    public interface Work {
        Uni<Outcome> run(DoubleConsumer progress);
    }

    /** What it came to. */
    public sealed interface Outcome {

        /** It found something: a JSON object. */
        record Done(String result) implements Outcome {}

        record Failed(String because) implements Outcome {}
    }

    /** What asking for a job came to. */
    public sealed interface Asked {

        /** It runs, from now on or since somebody else asked for it. */
        record Runs(Job job) implements Asked {}

        /** This replica runs as many as it may. */
        record TooMany(int max) implements Asked {}
    }

    private static final class Running {
        private volatile double progress;
        private volatile @Nullable Cancellable work;

        void cancel() {
            Cancellable started = work;
            if (started != null) {
                started.cancel();
            }
        }
    }

    void start(@Observes StartupEvent event) {
        rounds =
                schema.refreshing("jobs", this::round, config.round())
                        .subscribe()
                        .with(_ -> {}, bug -> LOG.error("jobs are no longer renewed", bug));
    }

    /** What runs here ends, and is given up when nobody renews it. */
    void stop(@Observes ShutdownEvent event) {
        if (rounds != null) {
            rounds.cancel();
        }
        running.values().forEach(Running::cancel);
    }

    /** How a job is doing; empty when there is none of that id, or no more. */
    public Uni<Optional<Job>> get(UUID id) {
        return table.read(id);
    }

    /** Starts a job, unless one of its kind runs for the subject. */
    public Uni<Asked> start(String kind, String subject, Work work) {
        return table.running(kind, subject)
                .chain(
                        found ->
                                found.<Uni<Asked>>map(
                                                job -> Uni.createFrom().item(new Asked.Runs(job)))
                                        .orElseGet(() -> startNew(kind, subject, work)));
    }

    private Uni<Asked> startNew(String kind, String subject, Work work) {
        if (taken.incrementAndGet() > config.running()) {
            taken.decrementAndGet();
            return Uni.createFrom().item(new Asked.TooMany(config.running()));
        }
        return table.add(UUID.randomUUID(), kind, subject, replica)
                .invoke(added -> added.ifPresent(job -> launch(job.id(), work)))
                .invoke(added -> giveBack(added.isEmpty()))
                .onFailure()
                .invoke(() -> giveBack(true))
                .chain(
                        added ->
                                added.<Uni<Asked>>map(
                                                job -> Uni.createFrom().item(new Asked.Runs(job)))
                                        // Somebody else was quicker.
                                        .orElseGet(() -> start(kind, subject, work)));
    }

    private void giveBack(boolean unused) {
        if (unused) {
            taken.decrementAndGet();
        }
    }

    private void launch(UUID id, Work work) {
        Running job = new Running();
        running.put(id, job);
        job.work =
                work.run(done -> job.progress = done)
                        .onFailure()
                        .recoverWithItem(Jobs::failed)
                        .chain(outcome -> end(id, outcome))
                        .onTermination()
                        .invoke(() -> remove(id))
                        .subscribe()
                        .with(_ -> {}, lost -> LOG.warnf("job %s: %s", id, lost.getMessage()));
    }

    private static Outcome failed(Throwable failure) {
        LOG.debug("a job failed", failure);
        return new Outcome.Failed(DatabaseFailure.describe(failure));
    }

    private Uni<Void> end(UUID id, Outcome outcome) {
        return table.end(id, outcome)
                .onFailure()
                .retry()
                .withBackOff(config.round(), config.endPauseMax())
                .atMost(config.endRetries());
    }

    private void remove(UUID id) {
        if (running.remove(id) != null) {
            taken.decrementAndGet();
        }
    }

    private Uni<Void> round() {
        return renew().chain(this::giveUpOfTheGone).chain(table::deleteOld);
    }

    /** Those that nobody has renewed for long, as this replica sees it. */
    private Uni<Void> giveUpOfTheGone() {
        return table.allRunning()
                .invoke(seen::see)
                .chain(() -> table.giveUp(seen.during(config.goneAfter())));
    }

    private Uni<Void> renew() {
        Map<UUID, Double> progress = new HashMap<>();
        running.forEach((id, job) -> progress.put(id, job.progress));
        if (progress.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        return table.renew(replica, progress)
                .invoke(
                        renewed -> {
                            for (UUID id : List.copyOf(progress.keySet())) {
                                Running job = running.get(id);
                                if (!renewed.contains(id) && job != null) {
                                    job.cancel();
                                }
                            }
                        })
                .replaceWithVoid();
    }
}
