package dev.stele.http;

import dev.stele.event.RecordedEvent;
import dev.stele.event.StreamId;
import dev.stele.json.EventJson;
import dev.stele.json.JsonWriter;
import dev.stele.json.Times;
import dev.stele.log.EventLog;
import dev.stele.log.EventLog.StreamInfo;
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

/** Reads of one stream. */
@Path("/v1/streams/{stream}")
@Produces(MediaType.APPLICATION_JSON)
class StreamResource {

    private final EventLog log;
    private final LogReads reads;
    private final HttpConfig config;

    StreamResource(EventLog log, LogReads reads, HttpConfig config) {
        this.log = log;
        this.reads = reads;
        this.config = config;
    }

    @GET
    public Uni<Response> stream(
            @Encoded @PathParam("stream") String name,
            @Context UriInfo uri,
            @Context HttpHeaders headers) {
        StreamId stream = PathNames.stream(name);
        Query query =
                Query.of(uri, WaitFor.MIN_POSITION, WaitFor.CONSISTENCY, Generations.PARAMETER);
        return reads.answer(
                query, headers, _ -> existing(stream).map(info -> streamAnswer(headers, info)));
    }

    @GET
    @Path("events")
    @Produces({MediaType.APPLICATION_JSON, Representation.BATCH})
    public Uni<Response> events(
            @Encoded @PathParam("stream") String name,
            @Context UriInfo uri,
            @Context HttpHeaders headers) {
        StreamId stream = PathNames.stream(name);
        Query query =
                Query.of(
                        uri,
                        "from",
                        "limit",
                        "direction",
                        "schema",
                        WaitFor.MIN_POSITION,
                        WaitFor.CONSISTENCY,
                        Generations.PARAMETER);
        PageRequest page = PageRequest.of(query, config);
        long from = query.number("from", page.forward() ? 1 : WholeNumber.MAX);
        return reads.answer(
                query,
                headers,
                _ ->
                        page(stream, page, from)
                                .map(
                                        found ->
                                                new EventPage(
                                                        found,
                                                        next(stream, page, found),
                                                        // A deletion makes it another one.
                                                        EventPage.Keep.FOR_NOBODY))
                                .chain(found -> reads.represented(headers, found)));
    }

    @GET
    @Path("events/{version}")
    public Uni<Response> event(
            @Encoded @PathParam("stream") String name,
            @Encoded @PathParam("version") String version,
            @Context UriInfo uri,
            @Context HttpHeaders headers) {
        StreamId stream = PathNames.stream(name);
        var wanted = PathNames.version(version);
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
                        log.event(stream, wanted)
                                .chain(
                                        found ->
                                                found.isPresent()
                                                        ? Uni.createFrom().item(found.get())
                                                        : noSuchEvent(stream, version))
                                .map(event -> eventAnswer(headers, generation, event)));
    }

    /** One event as an answer. */
    static Response.ResponseBuilder eventAnswer(
            HttpHeaders headers, int generation, RecordedEvent event) {
        return Answer.current(
                headers, generation + "-" + event.position() + "-json", EventJson.bytes(event));
    }

    /** A stream that has events; one that never had is 404, a deleted one 410. */
    private Uni<StreamInfo.Existing> existing(StreamId stream) {
        return log.stream(stream)
                .map(
                        found ->
                                switch (found.orElseThrow(
                                        () -> StreamProblems.notFound(stream).asException())) {
                                    case StreamInfo.Existing existing -> existing;
                                    case StreamInfo.Deleted deleted ->
                                            throw StreamProblems.deleted(deleted).asException();
                                });
    }

    /**
     * A page without events may be beyond the end of a stream, or of a stream that is not there. It
     * is read again when the stream began only after it was read.
     */
    private Uni<EventLog.Page> page(StreamId stream, PageRequest page, long from) {
        return (page.forward()
                        ? log.streamForward(stream, from, page.limit())
                        : log.streamBackward(stream, from, page.limit()))
                .chain(
                        found ->
                                found.events().isEmpty()
                                        ? existing(stream)
                                                .chain(
                                                        now ->
                                                                isBeyond(page, from, now)
                                                                        ? Uni.createFrom()
                                                                                .item(found)
                                                                        : page(stream, page, from))
                                        : Uni.createFrom().item(found));
    }

    private static boolean isBeyond(PageRequest page, long from, StreamInfo.Existing stream) {
        return page.forward()
                ? from > stream.version().value()
                : from < stream.firstVersion().value();
    }

    private Uni<RecordedEvent> noSuchEvent(StreamId stream, String version) {
        return existing(stream)
                .map(
                        info -> {
                            throw Problem.of(
                                            ProblemType.EVENT_NOT_FOUND,
                                            "'%s' is at version %s, and has no event %s"
                                                    .formatted(stream, info.version(), version))
                                    .asException();
                        });
    }

    private static Response.ResponseBuilder streamAnswer(
            HttpHeaders headers, StreamInfo.Existing info) {
        byte[] json =
                JsonWriter.write(
                        out -> {
                            out.writeStartObject();
                            out.writeStringField("stream", info.stream().value());
                            out.writeNumberField("version", info.version().value());
                            out.writeStringField("createdAt", Times.format(info.createdAt()));
                            out.writeStringField(
                                    "lastAppendedAt", Times.format(info.lastAppendedAt()));
                            out.writeEndObject();
                        });
        return Answer.current(headers, info.version().toString(), json);
    }

    private static @Nullable String next(StreamId stream, PageRequest request, EventLog.Page page) {
        if (!page.full()) {
            return null;
        }
        long last = page.events().getLast().version().value();
        return "/v1/streams/%s/events?from=%d&%s"
                .formatted(
                        PathNames.encode(stream.value()),
                        request.forward() ? last + 1 : last - 1,
                        request.rest());
    }
}
