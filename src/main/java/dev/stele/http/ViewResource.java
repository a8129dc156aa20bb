package dev.stele.http;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.stele.event.Payload;
import dev.stele.json.JsonWriter;
import dev.stele.json.Times;
import dev.stele.view.ViewName;
import dev.stele.view.ViewStatus;
import dev.stele.view.Views;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.Encoded;
import jakarta.ws.rs.GET;
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
import org.jspecify.annotations.Nullable;

/** Views: their definitions and how they are doing. */
@Path("/v1/views")
@Produces(MediaType.APPLICATION_JSON)
class ViewResource {

    private final Views views;
    private final Generations generations;

    ViewResource(Views views, Generations generations) {
        this.views = views;
        this.generations = generations;
    }

    @PUT
    @Path("{view}")
    @Consumes(MediaType.APPLICATION_JSON)
    public Uni<Response> put(
            @Encoded @PathParam("view") String segment,
            @Context UriInfo uri,
            @Context HttpHeaders headers,
            byte[] body) {
        ViewName view = PathNames.named(segment, ViewName::new);
        Query.of(uri);
        JsonBody.require(headers);
        return views.put(view, body)
                .chain(
                        result ->
                                PutAnswer.of(
                                        result,
                                        ProblemType.INVALID_VIEW,
                                        status -> accepted(view, status)));
    }

    @GET
    public Uni<Response> list(@Context UriInfo uri, @Context HttpHeaders headers) {
        Query.of(uri);
        return views.list()
                .map(all -> Answer.ofTheMoment(headers, json -> writeAll(json, all)).build());
    }

    @GET
    @Path("{view}")
    public Uni<Response> get(
            @Encoded @PathParam("view") String segment,
            @Context UriInfo uri,
            @Context HttpHeaders headers) {
        ViewName view = PathNames.named(segment, ViewName::new);
        return generations
                .of(Query.of(uri, Generations.PARAMETER), headers)
                .chain(_ -> existing(view))
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
    @Path("{view}")
    public Uni<Response> delete(@Encoded @PathParam("view") String segment, @Context UriInfo uri) {
        ViewName view = PathNames.named(segment, ViewName::new);
        Query.of(uri);
        return views.delete(view)
                .map(
                        deleted -> {
                            if (deleted) {
                                return Response.noContent().build();
                            }
                            throw ViewReads.noSuchView(view);
                        });
    }

    private Uni<ViewStatus> existing(ViewName view) {
        return views.get(view).map(found -> found.orElseThrow(() -> ViewReads.noSuchView(view)));
    }

    private Uni<Response> accepted(ViewName view, int status) {
        return existing(view)
                .map(
                        made ->
                                PutAnswer.accepted(
                                        generations,
                                        status,
                                        "/v1/views/" + view,
                                        made.position(),
                                        json -> write(json, made)));
    }

    private static void writeAll(JsonGenerator json, List<ViewStatus> all) throws IOException {
        json.writeStartObject();
        json.writeArrayFieldStart("views");
        for (ViewStatus status : all) {
            write(json, status);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, ViewStatus status) throws IOException {
        json.writeStartObject();
        json.writeStringField("view", status.name().value());
        json.writeNumberField("viewVersion", status.viewVersion());
        writeState(json, status.state());
        json.writeNumberField("position", status.position().value());
        json.writeNumberField("head", status.head().value());
        json.writeNumberField("lagEvents", status.lagEvents());
        json.writeNumberField("lagSeconds", status.lagSeconds());
        json.writeNumberField("progress", status.progress());
        writePace(json, status.pace());
        json.writeNumberField("entries", status.entries());
        if (!status.entriesExact()) {
            json.writeBooleanField("entriesExact", false);
        }
        json.writeNumberField("parkedKeys", status.parkedKeys());
        if (status.because() != null) {
            json.writeStringField("because", status.because());
        }
        if (status.errorSince() != null) {
            json.writeStringField("since", Times.format(status.errorSince()));
        }
        if (status.owner() != null) {
            json.writeStringField("owner", status.owner());
        }
        writeVerified(json, status.verified());
        writeDefinition(json, status.definition());
        ViewStatus.Next next = status.next();
        if (next != null) {
            json.writeFieldName("next");
            writeNext(json, next);
        }
        json.writeEndObject();
    }

    private static void writeVerified(JsonGenerator json, ViewStatus.@Nullable Verified verified)
            throws IOException {
        if (verified != null) {
            json.writeObjectFieldStart("verified");
            json.writeStringField("at", Times.format(verified.at()));
            json.writeNumberField("checked", verified.checked());
            json.writeNumberField("different", verified.different());
            json.writeEndObject();
        }
    }

    private static void writeNext(JsonGenerator json, ViewStatus.Next next) throws IOException {
        json.writeStartObject();
        json.writeNumberField("viewVersion", next.viewVersion());
        writeState(json, next.state());
        json.writeNumberField("position", next.position().value());
        json.writeNumberField("progress", next.progress());
        writePace(json, next.pace());
        json.writeNumberField("parkedKeys", next.parkedKeys());
        if (next.because() != null) {
            json.writeStringField("because", next.because());
        }
        writeDefinition(json, next.definition());
        json.writeEndObject();
    }

    private static void writeState(JsonGenerator json, ViewStatus.State state) throws IOException {
        json.writeStringField("state", state.name().toLowerCase(Locale.ROOT));
    }

    private static void writeDefinition(JsonGenerator json, String definition) throws IOException {
        json.writeFieldName("definition");
        JsonWriter.writeRaw(json, Payload.of(definition));
    }

    private static void writePace(JsonGenerator json, ViewStatus.@Nullable Pace pace)
            throws IOException {
        if (pace != null) {
            json.writeNumberField("eventsPerSecond", pace.eventsPerSecond());
            json.writeNumberField("etaSeconds", pace.etaSeconds());
        }
    }
}
