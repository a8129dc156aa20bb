package dev.stele.http;

import dev.stele.event.EventId;
import dev.stele.json.JsonWriter;
import dev.stele.log.EventLog;
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
import org.jspecify.annotations.Nullable;

/** Reads of the whole log. */
@Path("/v1")
@Produces(MediaType.APPLICATION_JSON)
class LogResource {

    private final EventLog log;
    private final LogReads reads;
    private final HttpConfig config;

    LogResource(EventLog log, LogReads reads, HttpConfig config) {
        this.log = log;
        this.reads = reads;
        this.config = config;
    }

    @GET
    @Path("log")
    public Uni<Response> log(@Context UriInfo uri, @Context HttpHeaders headers) {
        Query query =
                Query.of(uri, WaitFor.MIN_POSITION, WaitFor.CONSISTENCY, Generations.PARAMETER);
        return reads.answer(
                query, headers, _ -> log.identity().map(identity -> logAnswer(headers, identity)));
    }

    @GET
    @Path("events")
    @Produces({MediaType.APPLICATION_JSON, Representation.BATCH})
    public Uni<Response> events(@Context UriInfo uri, @Context HttpHeaders headers) {
        Query query =
                Query.of(
                        uri,
                        "after",
                        "before",
                        "limit",
                        "direction",
                        "schema",
                        WaitFor.MIN_POSITION,
                        WaitFor.CONSISTENCY,
                        Generations.PARAMETER);
        PageRequest page = PageRequest.of(query, config);
        String wrongWay = page.forward() ? "before" : "after";
        if (query.has(wrongWay)) {
            throw Problem.invalid(
                            "the query parameter '%s' does not go with direction=%s"
                                    .formatted(wrongWay, page.forward() ? "forward" : "backward"))
                    .asException();
        }
        long after = query.number("after", 0L);
        long before = query.number("before", WholeNumber.MAX);
        return reads.answer(
                query,
                headers,
                _ ->
                        (page.forward()
                                        ? log.logForward(after, page.limit())
                                        : log.logBackward(before, page.limit()))
                                // What was remembered may be old, and the page kept for ever.
                                .invoke(
                                        found ->
                                                Generations.require(
                                                        page.generation(), found.generation()))
                                .map(found -> new EventPage(found, next(page, found), keep(page)))
                                .chain(found -> reads.represented(headers, found)));
    }

    @GET
    @Path("events/{id}")
    public Uni<Response> event(
            @Encoded @PathParam("id") String text,
            @Context UriInfo uri,
            @Context HttpHeaders headers) {
        EventId id = PathNames.eventId(text);
        Query query =
                Query.of(
                        uri,
                        "schema",
                        WaitFor.MIN_POSITION,
                        WaitFor.CONSISTENCY,
                        Generations.PARAMETER);
        PageRequest.requireSchema(query);
        return reads.answer(
                query,
                headers,
                generation ->
                        log.event(id)
                                .map(
                                        found ->
                                                found.orElseThrow(
                                                        () ->
                                                                Problem.of(
                                                                                ProblemType
                                                                                        .EVENT_NOT_FOUND,
                                                                                "no event has the"
                                                                                        + " id "
                                                                                        + id)
                                                                        .asException()))
                                .map(
                                        event ->
                                                StreamResource.eventAnswer(
                                                        headers, generation, event)));
    }

    private static Response.ResponseBuilder logAnswer(
            HttpHeaders headers, EventLog.Identity identity) {
        byte[] json =
                JsonWriter.write(
                        out -> {
                            out.writeStartObject();
                            out.writeStringField("id", identity.id().toString());
                            out.writeNumberField("generation", identity.generation());
                            out.writeNumberField("head", identity.head().value());
                            out.writeEndObject();
                        });
        return Answer.current(headers, identity.generation() + "-" + identity.head(), json);
    }

    private EventPage.Keep keep(PageRequest page) {
        if (!page.fixed()) {
            return EventPage.Keep.FOR_NOBODY;
        }
        return config.cachePublic() ? EventPage.Keep.FOR_ANYBODY : EventPage.Keep.FOR_THE_READER;
    }

    private static @Nullable String next(PageRequest request, EventLog.Page page) {
        if (!page.full()) {
            return null;
        }
        return "/v1/events?%s=%s&%s"
                .formatted(
                        request.forward() ? "after" : "before",
                        page.events().getLast().position(),
                        request.rest());
    }
}
