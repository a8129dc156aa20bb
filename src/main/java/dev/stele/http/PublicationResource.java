package dev.stele.http;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.stele.event.Payload;
import dev.stele.json.JsonWriter;
import dev.stele.json.Times;
import dev.stele.publish.ContinueResult;
import dev.stele.publish.PublicationName;
import dev.stele.publish.PublicationStatus;
import dev.stele.publish.Publications;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.Encoded;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/** Publications: their definitions and how they are doing. */
@Path("/v1/publications")
@Produces(MediaType.APPLICATION_JSON)
class PublicationResource {

    private final Publications publications;
    private final Generations generations;
    private final HttpConfig config;

    PublicationResource(Publications publications, Generations generations, HttpConfig config) {
        this.publications = publications;
        this.generations = generations;
        this.config = config;
    }

    @PUT
    @Path("{publication}")
    @Consumes(MediaType.APPLICATION_JSON)
    public Uni<Response> put(
            @Encoded @PathParam("publication") String segment,
            @Context UriInfo uri,
            @Context HttpHeaders headers,
            byte[] body) {
        PublicationName name = name(segment, uri);
        JsonBody.require(headers);
        requireOwn(name);
        return publications
                .put(name, body)
                .chain(
                        result ->
                                PutAnswer.of(
                                        result,
                                        ProblemType.INVALID_PUBLICATION,
                                        status -> accepted(name, status)));
    }

    @GET
    public Uni<Response> list(@Context UriInfo uri, @Context HttpHeaders headers) {
        Query.of(uri);
        return publications
                .list()
                .map(all -> Answer.ofTheMoment(headers, json -> writeAll(json, all)).build());
    }

    @GET
    @Path("{publication}")
    public Uni<Response> get(
            @Encoded @PathParam("publication") String segment,
            @Context UriInfo uri,
            @Context HttpHeaders headers) {
        PublicationName name = PathNames.named(segment, PublicationName::new);
        return generations
                .of(Query.of(uri, Generations.PARAMETER), headers)
                .chain(_ -> existing(name))
                .map(
                        status ->
                                generations
                                        .withPosition(
                                                Answer.ofTheMoment(
                                                        headers, json -> write(json, status)),
                                                status.position())
                                        .build());
    }

    @DELETE
    @Path("{publication}")
    public Uni<Response> delete(
            @Encoded @PathParam("publication") String segment, @Context UriInfo uri) {
        PublicationName name = name(segment, uri);
        requireOwn(name);
        return publications
                .delete(name)
                .invoke(deleted -> requireFound(name, deleted))
                .map(_ -> Response.noContent().build());
    }

    @POST
    @Path("{publication}/pause")
    public Uni<Response> pause(
            @Encoded @PathParam("publication") String segment, @Context UriInfo uri) {
        return pause(name(segment, uri), true);
    }

    @POST
    @Path("{publication}/resume")
    public Uni<Response> resume(
            @Encoded @PathParam("publication") String segment, @Context UriInfo uri) {
        return pause(name(segment, uri), false);
    }

    /** Which of the events that only the topic has are lost is for an operator to know. */
    @POST
    @Path("{publication}/continue")
    @Consumes(MediaType.APPLICATION_JSON)
    public Uni<Response> goOn(
            @Encoded @PathParam("publication") String segment,
            @Context UriInfo uri,
            @Context HttpHeaders headers,
            byte[] body) {
        PublicationName name = name(segment, uri);
        JsonBody.require(headers);
        ContinueRequest request = Bodies.valid(ContinueRequest.read(body, config));
        return publications
                .goOn(name, request.from())
                .invoke(result -> requireContinues(name, result))
                .chain(_ -> accepted(name, 202));
    }

    private static void requireContinues(PublicationName name, ContinueResult result) {
        switch (result) {
            case ContinueResult.Continues _ -> {}
            case ContinueResult.NoSuchPublication() -> throw noSuchPublication(name);
            case ContinueResult.NotRestored() ->
                    throw Problem.of(
                                    ProblemType.NOT_RESTORED,
                                    "the topic of publication '%s' has nothing that the log lacks"
                                            .formatted(name))
                            .asException();
            case ContinueResult.BeyondHead(var head) ->
                    throw Problem.invalid("from must not be beyond the log's head, " + head)
                            .asException();
        }
    }

    private Uni<Response> pause(PublicationName name, boolean paused) {
        return publications
                .pause(name, paused)
                .invoke(found -> requireFound(name, found))
                .chain(_ -> accepted(name, 200));
    }

    private static PublicationName name(String segment, UriInfo uri) {
        PublicationName name = PathNames.named(segment, PublicationName::new);
        Query.of(uri);
        return name;
    }

    private void requireOwn(PublicationName name) {
        if (publications.isBuiltIn(name)) {
            throw Problem.of(
                            ProblemType.BUILT_IN,
                            "the publication '%s' is built in; it can be paused".formatted(name))
                    .asException();
        }
    }

    private static void requireFound(PublicationName name, boolean found) {
        if (!found) {
            throw noSuchPublication(name);
        }
    }

    static ProblemException noSuchPublication(PublicationName name) {
        return Problem.of(
                        ProblemType.PUBLICATION_NOT_FOUND,
                        "there is no publication '%s'".formatted(name))
                .asException();
    }

    private Uni<PublicationStatus> existing(PublicationName name) {
        return publications
                .get(name)
                .map(found -> found.orElseThrow(() -> noSuchPublication(name)));
    }

    private Uni<Response> accepted(PublicationName name, int status) {
        return existing(name)
                .map(
                        made ->
                                PutAnswer.accepted(
                                        generations,
                                        status,
                                        "/v1/publications/" + name,
                                        made.position(),
                                        json -> write(json, made)));
    }

    private static void writeAll(JsonGenerator json, List<PublicationStatus> all)
            throws IOException {
        json.writeStartObject();
        json.writeArrayFieldStart("publications");
        for (PublicationStatus status : all) {
            write(json, status);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, PublicationStatus status) throws IOException {
        json.writeStartObject();
        json.writeStringField("publication", status.name().value());
        json.writeNumberField("publicationVersion", status.version());
        json.writeStringField("state", status.state().name().toLowerCase(Locale.ROOT));
        json.writeNumberField("position", status.position().value());
        json.writeNumberField("head", status.head().value());
        json.writeNumberField("lagEvents", status.lagEvents());
        json.writeNumberField("lagSeconds", status.lagSeconds());
        json.writeNumberField("parkedKeys", status.parkedKeys());
        PublicationStatus.DelayMillis delay = status.delay();
        if (delay != null) {
            json.writeObjectFieldStart("delay");
            json.writeNumberField("p50Ms", delay.p50());
            json.writeNumberField("p99Ms", delay.p99());
            json.writeEndObject();
        }
        if (status.error() != null) {
            json.writeStringField("lastError", status.error());
        }
        if (status.errorSince() != null) {
            json.writeStringField("since", Times.format(status.errorSince()));
        }
        if (status.owner() != null) {
            json.writeStringField("owner", status.owner());
        }
        json.writeFieldName("definition");
        JsonWriter.writeRaw(json, Payload.of(status.definition()));
        json.writeEndObject();
    }
}
