package dev.stele.http;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.stele.http.ServiceStatus.Line;
import dev.stele.http.ServiceStatus.Report;
import dev.stele.json.Times;
import dev.stele.subscription.Standing;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/** How the service is doing: what is stuck, since when, and why. */
@ApplicationScoped
@Path("/v1/status")
@Produces(MediaType.APPLICATION_JSON)
class StatusResource {

    private final ServiceStatus status;
    private final String version;
    private volatile long startNanos = System.nanoTime();

    StatusResource(
            ServiceStatus status,
            @ConfigProperty(name = "quarkus.application.version") String version) {
        this.status = status;
        this.version = version;
    }

    void started(@Observes StartupEvent event) {
        startNanos = System.nanoTime();
    }

    @GET
    public Uni<Response> get(@Context UriInfo uri, @Context HttpHeaders headers) {
        Query.of(uri);
        return status.report()
                .map(report -> Answer.ofTheMoment(headers, json -> write(json, report)).build());
    }

    private void write(JsonGenerator json, Report report) throws IOException {
        json.writeStartObject();
        json.writeStringField("version", version);
        json.writeNumberField(
                "uptimeSeconds", Duration.ofNanos(System.nanoTime() - startNanos).toSeconds());
        json.writeStringField("replica", report.replica());
        json.writeStringField("authentication", "none");
        writeLog(json, report);
        json.writeArrayFieldStart("subscriptions");
        for (Line line : report.lines()) {
            write(json, line, report);
        }
        json.writeEndArray();
        json.writeArrayFieldStart("problems");
        for (Trouble trouble : report.troubles()) {
            write(json, trouble);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void writeLog(JsonGenerator json, Report report) throws IOException {
        json.writeObjectFieldStart("log");
        if (report.log() != null) {
            json.writeStringField("id", report.log().id().toString());
            json.writeNumberField("generation", report.log().generation());
        }
        json.writeNumberField("head", report.head().value());
        json.writeNumberField("queuedAppends", report.queue().appends());
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, Line line, Report report) throws IOException {
        Standing standing = line.standing();
        json.writeStartObject();
        json.writeStringField("name", line.name());
        if (standing.owner() != null) {
            json.writeStringField("owner", standing.owner());
        }
        json.writeStringField("state", line.state());
        json.writeNumberField("position", standing.position().value());
        json.writeNumberField("lagEvents", report.head().value() - standing.position().value());
        json.writeNumberField("lagSeconds", report.lags().getOrDefault(standing.position(), 0.0));
        json.writeNumberField("parkedKeys", standing.parkedKeys());
        writeWhy(json, line.because(), line.since());
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, Trouble trouble) throws IOException {
        json.writeStartObject();
        json.writeStringField("what", trouble.what());
        writeWhy(json, trouble.because(), trouble.since());
        json.writeStringField("hint", trouble.hint());
        json.writeEndObject();
    }

    private static void writeWhy(
            JsonGenerator json, @Nullable String because, @Nullable Instant since)
            throws IOException {
        if (because != null) {
            json.writeStringField("because", because);
        }
        if (since != null) {
            json.writeStringField("since", Times.format(since));
        }
    }
}
