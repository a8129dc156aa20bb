package dev.stele.http;

import dev.stele.http.ServiceStatus.Line;
import dev.stele.http.ServiceStatus.Read;
import io.smallrye.health.api.AsyncHealthCheck;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/**
 * Says how many subscriptions are stalled, and is up all the same: no other replica could do more
 * for them, and appends and reads go on.
 */
@Readiness
@ApplicationScoped
class SubscriptionReadiness implements AsyncHealthCheck {

    private final ServiceStatus status;

    SubscriptionReadiness(ServiceStatus status) {
        this.status = status;
    }

    @Override
    public Uni<HealthCheckResponse> call() {
        return status.lines().map(SubscriptionReadiness::response);
    }

    private static HealthCheckResponse response(Read<List<Line>> read) {
        HealthCheckResponseBuilder response = HealthCheckResponse.named("subscriptions").up();
        return (switch (read) {
                    case Read.Done<List<Line>>(var lines) ->
                            response.withData("stalled", stalled(lines));
                    case Read.Failed<List<Line>>(var because) ->
                            response.withData("because", because);
                })
                .build();
    }

    private static long stalled(List<Line> lines) {
        return lines.stream().filter(line -> line.standing().stalled()).count();
    }
}
