package dev.stele.postgres;

import io.smallrye.health.api.AsyncHealthCheck;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/**
 * Ready = PostgreSQL reachable and schema current. Kafka never decides it: appends go on without.
 */
@Readiness
@ApplicationScoped
class DatabaseReadiness implements AsyncHealthCheck {

    private final Schema schema;

    DatabaseReadiness(Schema schema) {
        this.schema = schema;
    }

    @Override
    public Uni<HealthCheckResponse> call() {
        return schema.problem().map(DatabaseReadiness::response);
    }

    private static HealthCheckResponse response(String problem) {
        var response = HealthCheckResponse.named("PostgreSQL").status(problem.isEmpty());
        return (problem.isEmpty() ? response : response.withData("because", problem)).build();
    }
}
