package dev.stele.postgres;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationInfo;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The database's schema: brings it up to date in the background at the start, and tells whether it
 * is.
 */
@ApplicationScoped
public class Schema {

    private static final Logger LOG = Logger.getLogger(Schema.class);
    private static final Statement READ_VERSION =
            Statement.load(Schema.class, "read-schema-version");
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);

    private final Flyway flyway;
    private final Pool pool;
    private final SchemaConfig config;
    private volatile boolean stopped;
    private volatile @Nullable String lastProblem;

    Schema(Flyway flyway, Pool pool, SchemaConfig config) {
        this.flyway = flyway;
        this.pool = pool;
        this.config = config;
    }

    void start(@Observes StartupEvent event) {
        if (config.atStart()) {
            Uni.createFrom()
                    .item(this::migrate)
                    .runSubscriptionOn(Infrastructure.getDefaultWorkerPool())
                    .onFailure(failure -> !stopped)
                    .invoke(this::tellOnce)
                    .onFailure(failure -> !stopped)
                    .retry()
                    .withBackOff(FIRST_PAUSE, config.retryMax())
                    .indefinitely()
                    .subscribe()
                    .with(
                            LOG::info,
                            failure -> LOG.debug("migration given up at the stop", failure));
        }
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

    private static Uni<Void> requireNone(String problem) {
        return problem.isEmpty()
                ? Uni.createFrom().voidItem()
                : Uni.createFrom().failure(new IllegalStateException(problem));
    }

    /**
     * Whether the schema is what this version needs.
     *
     * @return the problem in one line, or an empty string when there is none
     */
    Uni<String> problem() {
        return READ_VERSION
                .run(pool)
                .map(
                        rows -> {
                            int found = rows.iterator().next().getInteger("version");
                            return found >= SchemaVersion.NEEDED
                                    ? ""
                                    : "the schema is at version %d and version %d is needed; run the migrations"
                                            .formatted(found, SchemaVersion.NEEDED);
                        })
                .ifNoItem()
                .after(config.checkTimeout())
                .recoverWithItem("PostgreSQL did not answer in " + config.checkTimeout())
                .onFailure()
                .recoverWithItem(DatabaseFailure::describe);
    }

    private String migrate() {
        int applied = flyway.migrate().migrationsExecuted;
        MigrationInfo current = flyway.info().current();
        return "schema is at version %s, %d migrations applied"
                .formatted(current == null ? "0" : current.getVersion(), applied);
    }

    /** The same problem is worth one line, however often it is met. */
    private void tellOnce(Throwable failure) {
        String problem = DatabaseFailure.describe(failure);
        if (!problem.equals(lastProblem)) {
            lastProblem = problem;
            LOG.warnf("cannot migrate the schema yet, trying again: %s", problem);
        }
    }
}
