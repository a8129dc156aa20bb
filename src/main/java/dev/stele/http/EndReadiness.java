package dev.stele.http;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Not ready from the moment on at which the service is told to end: others get the requests. */
@Readiness
@ApplicationScoped
class EndReadiness implements HealthCheck {

    private final OrderlyEnd end;

    EndReadiness(OrderlyEnd end) {
        this.end = end;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("end").status(!end.hasBegun()).build();
    }
}
