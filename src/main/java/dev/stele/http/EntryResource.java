package dev.stele.http;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.stele.event.GlobalPosition;
import dev.stele.event.Payload;
import dev.stele.json.JsonWriter;
import dev.stele.json.Times;
import dev.stele.view.ViewName;
import dev.stele.view.Views;
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
import org.jspecify.annotations.Nullable;

/** The entries of a view. */
@Path("/v1/views/{view}/entries")
@Produces(MediaType.APPLICATION_JSON)
class EntryResource {

    private final Views views;
    private final ViewReads reads;
    private final HttpConfig config;

    EntryResource(Views views, ViewReads reads, HttpConfig config) {
        this.views = views;
        this.reads = reads;
        this.config = config;
    }

    @GET
    @Path("{key}")
    public Uni<Response> entry(
            @Encoded @PathParam("view") String viewSegment,
            @Encoded @PathParam("key") String keySegment,
            @Context UriInfo uri,
            @Context HttpHeaders headers) {
        ViewName view = PathNames.named(viewSegment, ViewName::new);
        String key = PathNames.named(keySegment, text -> text);
        Query query =
                Query.of(uri, WaitFor.MIN_POSITION, WaitFor.CONSISTENCY, Generations.PARAMETER);
        return reads.answer(
                view,
                query,
                headers,
                () -> views.entry(view, key),
                (generation, read) -> entryAnswer(headers, view, key, generation, read));
    }

    @GET
    public Uni<Response> entries(
            @Encoded @PathParam("view") String segment,
            @Context UriInfo uri,
            @Context HttpHeaders headers) {
        ViewName view = PathNames.named(segment, ViewName::new);
        Query query =
                Query.of(
                        uri,
                        "after",
                        "limit",
                        WaitFor.MIN_POSITION,
                        WaitFor.CONSISTENCY,
                        Generations.PARAMETER);
        int limit = query.number("limit", 1, config.pageMax(), config.pageDefault());
        String after = query.text("after");
        return reads.answer(
                view,
                query,
                headers,
                () -> views.entries(view, after, limit),
                (generation, page) ->
                        pageAnswer(headers, generation, page, next(view, query, limit, page)));
    }

    private static Response.ResponseBuilder entryAnswer(
            HttpHeaders headers, ViewName view, String key, int generation, Views.EntryRead read) {
        return read.entry()
                .map(
                        entry -> {
                            byte[] body =
                                    JsonWriter.write(
                                            json -> write(json, read.viewVersion(), entry));
                            return Answer.current(
                                    headers,
                                    etag(generation, read.viewId(), entry.position(), body),
                                    body);
                        })
                .orElseGet(
                        () ->
                                Response.fromResponse(
                                        Problem.of(
                                                        ProblemType.ENTRY_NOT_FOUND,
                                                        "the view '%s' has no entry '%s'%s"
                                                                .formatted(view, key, parked(read)))
                                                .response()));
    }

    private static String parked(Views.EntryRead read) {
        return read.parked()
                .map(
                        parked ->
                                " before the event at %s, which is parked"
                                        .formatted(parked.parkedAt()))
                .orElse("");
    }

    private static Response.ResponseBuilder pageAnswer(
            HttpHeaders headers, int generation, Views.PageRead page, @Nullable String next) {
        byte[] body =
                JsonWriter.write(
                        json -> {
                            json.writeStartObject();
                            json.writeArrayFieldStart("entries");
                            for (Views.Entry entry : page.entries()) {
                                write(json, page.viewVersion(), entry);
                            }
                            json.writeEndArray();
                            if (next != null) {
                                json.writeStringField("next", next);
                            }
                            json.writeEndObject();
                        });
        Response.ResponseBuilder answer =
                Answer.current(
                        headers, etag(generation, page.viewId(), page.position(), body), body);
        return next == null ? answer : answer.header("Link", "<" + next + ">; rel=\"next\"");
    }

    /**
     * A view that is deleted and made again counts its versions anew, but not their ids. What was
     * parked is folded while the checkpoint stays where it is, and positions mean something else
     * when the log was put back and nobody has noticed yet: so the text tells as well.
     */
    private static String etag(int generation, int viewId, GlobalPosition position, byte[] body) {
        return "%d-v%d-%s-%s-json".formatted(generation, viewId, position, Answer.digest(body));
    }

    private static @Nullable String next(
            ViewName view, Query query, int limit, Views.PageRead page) {
        if (!page.full()) {
            return null;
        }
        Long generation = Generations.parameter(query);
        return "/v1/views/%s/entries?after=%s&limit=%d%s"
                .formatted(
                        view,
                        PathNames.encode(page.entries().getLast().key()),
                        limit,
                        generation == null ? "" : "&" + Generations.PARAMETER + "=" + generation);
    }

    private static void write(JsonGenerator json, int viewVersion, Views.Entry entry)
            throws IOException {
        json.writeStartObject();
        json.writeStringField("key", entry.key());
        json.writeFieldName("value");
        JsonWriter.writeRaw(json, Payload.of(entry.value()));
        json.writeNumberField("viewVersion", viewVersion);
        json.writeNumberField("position", entry.position().value());
        json.writeStringField("updatedAt", Times.format(entry.updatedAt()));
        if (entry.parkedAt() != null) {
            json.writeNumberField("parkedAt", entry.parkedAt().value());
        }
        json.writeEndObject();
    }
}
