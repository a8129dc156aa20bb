package dev.stele.postgres;

import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/** The database's schema: whether it can be used, and when it gets there. */
@ApplicationScoped
public class Schema {

    private static final Logger LOG = Logger.getLogger(Schema.class);
    private static final Statement READ_VERSION =
            Statement.load(Schema.class, "read-schema-version");
    private static final Statement CHECK_WRITABLE = Statement.load(Schema.class, "check-writable");
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);

    private final Pool pool;
    private final SchemaConfig config;
    private final Session session;
    private final AtomicReference<String> lastTold = new AtomicReference<>("");
    private volatile boolean stopped;

    Schema(Pool pool, SchemaConfig config, DatabaseConfig database) {
        this.pool = pool;
        this.config = config;
        this.session = new Session(pool, database.preparedStatements());
    }

    void stop(@Observes ShutdownEvent event) {
        stopped = true;
    }

    /** Done as soon as the schema is what this version needs; asks again until then. */
    public Uni<Void> current() {
        return problem()
                .chain(Schema::requireNone)
                .onFailure()
                .invoke(problem -> LOG.debugf("waiting for the schema: %s", problem.getMessage()))
                .onFailure(failure -> !stopped)
                .retry()
                .withBackOff(FIRST_PAUSE, config.retryMax())
                .indefinitely();
    }

    /**
     * Rounds of work on the schema, from when it is current until the subscriber cancels.
     *
     * @param round what is done in each; must not fail
     * @param pause between the end of a round and the next
     */
    public Multi<Void> rounds(Supplier<Uni<? extends Void>> round, Duration pause) {
        return current()
                .onItem()
                .transformToMulti(
                        _ ->
                                Multi.createBy()
                                        .repeating()
                                        .uni(round)
                                        .withDelay(pause)
                                        .indefinitely());
    }

    /**
     * The same, of rounds that may fail: the next one tries again. The same problem is worth one
     * line, however often it is met.
     *
     * @param what cannot be refreshed then
     */
    public Multi<Void> refreshing(String what, Supplier<Uni<Void>> round, Duration pause) {
        AtomicReference<String> lastProblem = new AtomicReference<>("");
        return rounds(
                () ->
                        round.get()
                                .invoke(() -> lastProblem.set(""))
                                .onFailure()
                                .invoke(failure -> tellOnce(what, failure, lastProblem))
                                .onFailure()
                                .recoverWithNull(),
                pause);
    }

    private static void tellOnce(
            String what, Throwable failure, AtomicReference<String> lastProblem) {
        String problem = DatabaseFailure.describe(failure);
        if (!problem.equals(lastProblem.getAndSet(problem))) {
            LOG.warnf("%s cannot be refreshed, trying again: %s", what, problem);
        }
    }

    private static Uni<Void> requireNone(String problem) {
        return problem.isEmpty()
                ? Uni.createFrom().voidItem()
                : Uni.createFrom().failure(new IllegalStateException(problem));
    }

    /**
     * Whether the database can be used: sessions are as they must be, the schema is what this
     * version needs, and it can be written to.
     *
     * @return the problem in one line, or an empty string when there is none
     */
    Uni<String> problem() {
        return session.problem()
                .invoke(this::tellOnce)
                .chain(problem -> problem.isEmpty() ? outdated() : Uni.createFrom().item(problem))
                .chain(problem -> problem.isEmpty() ? closed() : Uni.createFrom().item(problem))
                .ifNoItem()
                .after(config.checkTimeout())
                .recoverWithItem("PostgreSQL did not answer in " + config.checkTimeout())
                .onFailure()
                .recoverWithItem(DatabaseFailure::describe);
    }

    private Uni<String> outdated() {
        return READ_VERSION
                .run(pool)
                .map(
                        rows -> {
                            int found = rows.iterator().next().getInteger("version");
                            return found >= SchemaVersion.NEEDED
                                    ? ""
                                    : "the schema is at version %d and version %d is needed; run the migrations"
                                            .formatted(found, SchemaVersion.NEEDED);
                        });
    }

    private Uni<String> closed() {
        return CHECK_WRITABLE.run(pool).replaceWith("");
    }

    /** What only a person can mend is worth a line, once. */
    private void tellOnce(String problem) {
        if (!problem.equals(lastTold.getAndSet(problem)) && !problem.isEmpty()) {
            LOG.warnf("not ready: %s", problem);
        }
    }
}
