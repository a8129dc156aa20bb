package dev.stele.http;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.stele.event.GlobalPosition;
import dev.stele.json.JsonWriter;
import dev.stele.json.Times;
import dev.stele.subscription.Parked;
import dev.stele.subscription.Parked.Failed;
import dev.stele.subscription.Parked.ParkedKey;
import dev.stele.subscription.Parked.SkipResult;
import dev.stele.subscription.Parked.SkippedEvent;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The parked keys and skipped events of views and publications: the same for both. */
@ApplicationScoped
class ParkedAnswers {

    private final Parked parked;
    private final HttpConfig config;

    ParkedAnswers(Parked parked, HttpConfig config) {
        this.parked = parked;
        this.config = config;
    }

    /**
     * Whose parked keys somebody asks for.
     *
     * @param path its address
     * @param definition its name among those of skipped events
     * @param version what its version is called
     * @param existing itself; fails with a problem when there is none
     */
    record Owner(String path, String definition, String version, Uni<Parked.Of> existing) {}

    Uni<Response> list(Owner owner, UriInfo uri, HttpHeaders headers) {
        Query query = Query.of(uri, "after", "limit");
        int limit = query.number("limit", 1, config.pageMax(), config.pageDefault());
        String after = query.text("after");
        return owner.existing()
                .chain(of -> parked.keys(of.subscription(), after, limit))
                .map(keys -> page(headers, keys, next(owner, keys, limit)));
    }

    private static @Nullable String next(Owner owner, List<ParkedKey> keys, int limit) {
        return keys.size() < limit
                ? null
                : "%s/parked?after=%s&limit=%d"
                        .formatted(
                                owner.path(),
                                PathNames.encode(keys.getLast().failed().key()),
                                limit);
    }

    private static Response page(HttpHeaders headers, List<ParkedKey> keys, @Nullable String next) {
        return linked(
                next,
                Answer.ofTheMoment(
                        headers,
                        json -> {
                            json.writeStartObject();
                            json.writeArrayFieldStart("parked");
                            for (ParkedKey key : keys) {
                                write(json, key);
                            }
                            json.writeEndArray();
                            writeNext(json, next);
                            json.writeEndObject();
                        }));
    }

    Uni<Response> key(Owner owner, String segment, UriInfo uri, HttpHeaders headers) {
        String key = key(segment);
        Query.of(uri);
        return owner.existing()
                .chain(of -> parked.key(of.subscription(), key))
                .map(found -> found.orElseThrow(() -> notParked(key)))
                .map(found -> Answer.ofTheMoment(headers, json -> write(json, found)).build());
    }

    private static String key(String segment) {
        return PathNames.named(segment, text -> text);
    }

    Uni<Response> retry(Owner owner, String segment, UriInfo uri) {
        String key = key(segment);
        Query.of(uri);
        return owner.existing()
                .chain(of -> parked.retry(of.subscription(), key))
                .map(
                        found -> {
                            if (!found) {
                                throw notParked(key);
                            }
                            return retried(1);
                        });
    }

    Uni<Response> retryAll(Owner owner, UriInfo uri) {
        Query.of(uri);
        return owner.existing()
                .chain(of -> parked.retryAll(of.subscription()))
                .map(ParkedAnswers::retried);
    }

    private static Response retried(int keys) {
        return json(202, json -> json.writeNumberField("retried", keys));
    }

    Uni<Response> skip(Owner owner, String segment, UriInfo uri, HttpHeaders headers, byte[] body) {
        String key = key(segment);
        Query.of(uri);
        JsonBody.require(headers);
        SkipRequest request = Bodies.valid(SkipRequest.read(body, config));
        return owner.existing()
                .chain(
                        of ->
                                parked.skip(
                                        of.subscription(),
                                        of.definition(),
                                        of.version(),
                                        key,
                                        request.position(),
                                        request.reason()))
                .map(result -> answer(key, request, result));
    }

    private static Response answer(String key, SkipRequest request, SkipResult result) {
        return switch (result) {
            case SkipResult.Skipped() ->
                    json(
                            200,
                            json -> {
                                json.writeStringField("key", key);
                                json.writeNumberField("position", request.position().value());
                                json.writeStringField("reason", request.reason());
                            });
            case SkipResult.NotParked() -> throw notParked(key);
            case SkipResult.OtherPosition(var position) ->
                    throw otherPosition(key, request, position);
            case SkipResult.TooEarly() ->
                    throw Problem.of(
                                    ProblemType.KEY_NOT_SETTLED,
                                    "the key '%s' is about to be tried again, or was parked only just now; repeat this in a moment"
                                            .formatted(key))
                            .retryAfter(1)
                            .asException();
        };
    }

    private static ProblemException otherPosition(
            String key, SkipRequest request, GlobalPosition position) {
        return Problem.of(
                        ProblemType.OTHER_EVENT_PARKED,
                        "the key '%s' is parked at position %s, not at %s"
                                .formatted(key, position, request.position()))
                .with(json -> json.writeNumberField("position", position.value()))
                .asException();
    }

    private static ProblemException notParked(String key) {
        return Problem.of(ProblemType.KEY_NOT_PARKED, "the key '%s' is not parked".formatted(key))
                .asException();
    }

    /** They are kept for ever: also of what is gone. */
    Uni<Response> skipped(Owner owner, UriInfo uri, HttpHeaders headers) {
        Query query = Query.of(uri, "after", "limit");
        int limit = query.number("limit", 1, config.pageMax(), config.pageDefault());
        long after = query.number("after", 0L);
        return parked.skipped(owner.definition(), after, limit)
                .call(
                        events ->
                                events.isEmpty() && after == 0
                                        ? owner.existing()
                                        : Uni.createFrom().voidItem())
                .map(events -> page(owner, headers, events, limit));
    }

    private static Response page(
            Owner owner, HttpHeaders headers, List<SkippedEvent> events, int limit) {
        String next =
                events.size() < limit
                        ? null
                        : "%s/skipped?after=%d&limit=%d"
                                .formatted(owner.path(), events.getLast().nth(), limit);
        return linked(
                next,
                Answer.ofTheMoment(
                        headers,
                        json -> {
                            json.writeStartObject();
                            json.writeArrayFieldStart("skipped");
                            for (SkippedEvent event : events) {
                                write(json, owner, event);
                            }
                            json.writeEndArray();
                            writeNext(json, next);
                            json.writeEndObject();
                        }));
    }

    private static void writeNext(JsonGenerator json, @Nullable String next) throws IOException {
        if (next != null) {
            json.writeStringField("next", next);
        }
    }

    private static Response linked(@Nullable String next, Response.ResponseBuilder page) {
        return (next == null ? page : page.header("Link", "<" + next + ">; rel=\"next\"")).build();
    }

    private static Response json(int status, JsonWriter.Content members) {
        return Response.status(status)
                .header(HttpHeaders.CONTENT_TYPE, MediaType.APPLICATION_JSON)
                .entity(
                        JsonWriter.write(
                                json -> {
                                    json.writeStartObject();
                                    members.writeTo(json);
                                    json.writeEndObject();
                                }))
                .build();
    }

    private static void write(JsonGenerator json, ParkedKey key) throws IOException {
        json.writeStartObject();
        write(json, key.failed());
        json.writeNumberField("attempts", key.attempts());
        json.writeStringField("since", Times.format(key.since()));
        json.writeNumberField("waiting", key.waiting());
        json.writeBooleanField("retrying", key.retrying());
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, Owner owner, SkippedEvent event)
            throws IOException {
        json.writeStartObject();
        write(json, event.failed());
        json.writeNumberField(owner.version(), event.version());
        json.writeStringField("reason", event.reason());
        json.writeStringField("skippedAt", Times.format(event.skippedAt()));
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, Failed failed) throws IOException {
        json.writeStringField("key", failed.key());
        json.writeNumberField("position", failed.position().value());
        json.writeStringField("eventId", failed.event().toString());
        json.writeStringField("stream", failed.stream().value());
        json.writeStringField("type", failed.type().value());
        json.writeStringField("error", failed.error());
    }
}
