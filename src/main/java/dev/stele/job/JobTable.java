package dev.stele.job;

import dev.stele.postgres.Statement;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.OffsetDateTime;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The rows of {@code stele.jobs}. */
@ApplicationScoped
class JobTable {

    private static final Statement ADD = load("add-job");
    private static final Statement READ_RUNNING = load("read-running-job");
    private static final Statement READ_ALL_RUNNING = load("read-running-jobs");
    private static final Statement READ = load("read-job");
    private static final Statement RENEW = load("renew-jobs");
    private static final Statement END = load("end-job");
    private static final Statement GIVE_UP = load("give-up-jobs");
    private static final Statement DELETE = load("delete-jobs");

    private static final String GONE = "the replica that ran it is gone";

    private final Pool pool;
    private final JobConfig config;

    JobTable(Pool pool, JobConfig config) {
        this.pool = pool;
        this.config = config;
    }

    /** Adds a job that runs; empty when one of its kind runs for the subject already. */
    Uni<Optional<Job>> add(UUID id, String kind, String subject, String owner) {
        return run(ADD, id, kind, subject, owner).map(JobTable::first);
    }

    Uni<Optional<Job>> running(String kind, String subject) {
        return run(READ_RUNNING, kind, subject).map(JobTable::first);
    }

    Uni<Optional<Job>> read(UUID id) {
        return run(READ, id).map(JobTable::first);
    }

    /** Says that these go on, and how far they are; returns those that have not been given up. */
    Uni<Set<UUID>> renew(String owner, Map<UUID, Double> progress) {
        UUID[] ids = progress.keySet().toArray(UUID[]::new);
        Double[] reached = progress.values().toArray(Double[]::new);
        return run(RENEW, owner, ids, reached)
                .map(
                        rows -> {
                            Set<UUID> renewed = new HashSet<>();
                            rows.forEach(row -> renewed.add(row.getUUID("id")));
                            return renewed;
                        });
    }

    /** Writes down what a job came to. */
    Uni<Void> end(UUID id, Jobs.Outcome outcome) {
        return switch (outcome) {
            case Jobs.Outcome.Done(var result) -> end(id, Job.State.DONE, null, result);
            case Jobs.Outcome.Failed(var because) -> end(id, Job.State.FAILED, because, null);
        };
    }

    private Uni<Void> end(
            UUID id, Job.State state, @Nullable String because, @Nullable String result) {
        return run(END, id, state.name().toLowerCase(Locale.ROOT), because, result)
                .replaceWithVoid();
    }

    /** When a job that runs was last renewed, by the database's clock. */
    record Renewed(UUID id, OffsetDateTime at) {}

    /** Those of all replicas. */
    Uni<List<Renewed>> allRunning() {
        return run(READ_ALL_RUNNING)
                .map(
                        rows ->
                                rows.stream()
                                        .map(
                                                row ->
                                                        new Renewed(
                                                                row.getUUID("id"),
                                                                row.getOffsetDateTime(
                                                                        "updated_at")))
                                        .toList());
    }

    /** Fails jobs that nobody has renewed since. */
    Uni<Void> giveUp(List<Renewed> jobs) {
        if (jobs.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        UUID[] ids = jobs.stream().map(Renewed::id).toArray(UUID[]::new);
        OffsetDateTime[] renewed = jobs.stream().map(Renewed::at).toArray(OffsetDateTime[]::new);
        return run(GIVE_UP, ids, renewed, GONE).replaceWithVoid();
    }

    /** Forgets jobs that ended long ago. */
    Uni<Void> deleteOld() {
        return run(DELETE, config.keep().toMillis(), config.deleteMost()).replaceWithVoid();
    }

    private Uni<RowSet<Row>> run(Statement statement, @Nullable Object... parameters) {
        return statement.run(pool, parameters).ifNoItem().after(config.answerTimeout()).fail();
    }

    private static Optional<Job> first(RowSet<Row> rows) {
        return rows.stream().findFirst().map(JobTable::from);
    }

    private static Job from(Row row) {
        OffsetDateTime ended = row.getOffsetDateTime("ended_at");
        return new Job(
                row.getUUID("id"),
                row.getString("kind"),
                row.getString("subject"),
                Job.State.valueOf(row.getString("state").toUpperCase(Locale.ROOT)),
                row.getDouble("progress"),
                row.getDouble("seconds"),
                row.getOffsetDateTime("started_at").toInstant(),
                ended == null ? null : ended.toInstant(),
                row.getString("because"),
                row.getString("result"));
    }

    private static Statement load(String name) {
        return Statement.load(JobTable.class, name);
    }
}
