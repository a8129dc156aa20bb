package dev.stele.postgres;

import io.quarkus.runtime.PreventFurtherStepsException;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.annotations.CommandLineArguments;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.groups.UniRetry;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.interceptor.Interceptor;
import java.time.Duration;
import java.util.Arrays;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.output.MigrateResult;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Brings the schema up to date: in the background while the service starts, or, where the process
 * was started with the argument {@value #ALONE}, instead of the service.
 */
@ApplicationScoped
class Migrations {

    private static final Logger LOG = Logger.getLogger(Migrations.class);
    private static final String ALONE = "migrate";
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);

    private final Flyway flyway;
    private final SchemaConfig config;
    private final boolean alone;
    private volatile boolean stopped;
    private volatile @Nullable String lastProblem;

    Migrations(Flyway flyway, SchemaConfig config, @CommandLineArguments String[] arguments) {
        this.flyway = flyway;
        this.config = config;
        this.alone = Arrays.asList(arguments).contains(ALONE);
    }

    /** Before whatever else starts: nothing else does where the migrations are alone. */
    void start(@Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE) StartupEvent event) {
        if (alone) {
            // As Quarkus ends its own tasks at the start: the exception alone would leave the
            // process waiting for a signal.
            Quarkus.asyncExit(migratedInTime() ? 0 : 1);
            throw new PreventFurtherStepsException();
        }
        if (config.atStart()) {
            attempts()
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

    private boolean migratedInTime() {
        try {
            LOG.info(attempts().expireIn(config.giveUpAfter().toMillis()).await().indefinitely());
            return true;
        } catch (RuntimeException failure) {
            LOG.errorf("the schema is not migrated: %s", DatabaseFailure.describe(failure));
            return false;
        }
    }

    private UniRetry<String> attempts() {
        return Uni.createFrom()
                .item(this::migrate)
                .runSubscriptionOn(Infrastructure.getDefaultWorkerPool())
                .onFailure(failure -> !stopped)
                .invoke(this::tellOnce)
                .onFailure(failure -> !stopped)
                .retry()
                .withBackOff(FIRST_PAUSE, config.retryMax());
    }

    private String migrate() {
        MigrateResult result = flyway.migrate();
        return result.migrationsExecuted == 0
                ? "the schema is at version %s already".formatted(result.initialSchemaVersion)
                : "the schema is migrated from version %s to %s"
                        .formatted(
                                result.initialSchemaVersion == null
                                        ? "0"
                                        : result.initialSchemaVersion,
                                result.targetSchemaVersion);
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
