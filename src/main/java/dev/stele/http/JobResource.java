package dev.stele.http;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.stele.job.Job;
import dev.stele.job.Jobs;
import dev.stele.json.JsonWriter;
import dev.stele.json.Times;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Encoded;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/** What takes longer than a request: how it is doing, and what it found. */
@Path("/v1/jobs/{id}")
@Produces(MediaType.APPLICATION_JSON)
class JobResource {

    private final Jobs jobs;

    JobResource(Jobs jobs) {
        this.jobs = jobs;
    }

    @GET
    public Uni<Response> get(
            @Encoded @PathParam("id") String segment,
            @Context UriInfo uri,
            @Context HttpHeaders headers) {
        String id = PathNames.named(segment, text -> text);
        Query.of(uri);
        return find(id).map(found -> found.orElseThrow(() -> noSuchJob(id)))
                .map(job -> Answer.ofTheMoment(headers, json -> write(json, job)).build());
    }

    /** What is not the form of an id is the id of no job. */
    private Uni<Optional<Job>> find(String id) {
        try {
            return jobs.get(UUID.fromString(id));
        } catch (IllegalArgumentException _) {
            return Uni.createFrom().item(Optional.empty());
        }
    }

    private static ProblemException noSuchJob(String id) {
        return Problem.of(
                        ProblemType.JOB_NOT_FOUND,
                        "there is no job '%s', or no longer".formatted(id))
                .asException();
    }

    /** The answer to a request that started a job, or asked for one that runs. */
    static Response accepted(Job job) {
        return Response.accepted(JsonWriter.write(json -> write(json, job)))
                .type(MediaType.APPLICATION_JSON_TYPE)
                .header(HttpHeaders.LOCATION, "/v1/jobs/" + job.id())
                .build();
    }

    private static void write(JsonGenerator json, Job job) throws IOException {
        json.writeStartObject();
        json.writeStringField("id", job.id().toString());
        json.writeStringField("kind", job.kind());
        json.writeStringField("subject", job.subject());
        json.writeStringField("state", job.state().name().toLowerCase(Locale.ROOT));
        json.writeNumberField("progress", job.progress());
        if (job.etaSeconds().isPresent()) {
            json.writeNumberField("etaSeconds", job.etaSeconds().getAsDouble());
        }
        json.writeStringField("startedAt", Times.format(job.startedAt()));
        if (job.endedAt() != null) {
            json.writeStringField("endedAt", Times.format(job.endedAt()));
        }
        if (job.because() != null) {
            json.writeStringField("because", job.because());
        }
        if (job.result() != null) {
            writeMembers(json, job.result());
        }
        json.writeEndObject();
    }

    /** The members of an object that is JSON already become the last ones of this object. */
    private static void writeMembers(JsonGenerator json, String object) throws IOException {
        String members = object.strip();
        json.writeRaw(',');
        json.writeRaw(members.substring(1, members.length() - 1));
    }
}
