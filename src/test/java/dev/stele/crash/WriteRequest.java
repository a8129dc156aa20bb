package dev.stele.crash;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stele.history.Logged;
import dev.stele.history.Outcome;
import dev.stele.history.Write;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** A write as an HTTP request, what its answer means, and its events as they are read. */
record WriteRequest(String path, Replicas.Request request) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** By the resource of appends to many streams: it can say everything. */
    static WriteRequest atomic(Write write) {
        ObjectNode body = JSON.createObjectNode();
        ArrayNode appends = body.putArray("appends");
        for (Write.Part part : write.parts()) {
            ObjectNode append = appends.addObject().put("stream", part.stream());
            if (part.expected() != Write.ANY) {
                append.put("expect", part.expected());
            }
            append.set("events", events(write, part));
        }
        if (write.failIfAfter() != Write.NEVER) {
            ObjectNode failIf = body.putObject("failIf").put("after", write.failIfAfter());
            failIf.putArray("events").addObject().putArray("tags").add(write.tag());
        }
        return new WriteRequest(
                "/v1/append", request -> request.POST(BodyPublishers.ofString(body.toString())));
    }

    /** By the resource of the one stream that it is for. */
    static WriteRequest toStream(Write write) {
        Write.Part part = write.parts().getFirst();
        String body = events(write, part).toString();
        return new WriteRequest(
                "/v1/streams/%s/events".formatted(part.stream()),
                request ->
                        withPrecondition(request, part.expected())
                                .POST(BodyPublishers.ofString(body)));
    }

    /** As a batch of CloudEvents. */
    static WriteRequest cloudEvents(Write write) {
        Write.Part part = write.parts().getFirst();
        ArrayNode events = JSON.createArrayNode();
        for (UUID id : part.ids()) {
            events.addObject()
                    .put("specversion", "1.0")
                    .put("id", id.toString())
                    .put("source", "/history")
                    .put("type", "Written");
        }
        return new WriteRequest(
                "/v1/streams/%s/events".formatted(part.stream()),
                request ->
                        withPrecondition(request, part.expected())
                                .setHeader("Content-Type", "application/cloudevents-batch+json")
                                .POST(BodyPublishers.ofString(events.toString())));
    }

    /** The reason that is given for a deletion is the id of its tombstone. */
    static WriteRequest deletion(Write write, String key) {
        Write.Part part = write.parts().getFirst();
        return new WriteRequest(
                "/v1/streams/%s?reason=%s".formatted(part.stream(), part.ids().getFirst()),
                request ->
                        withPrecondition(request, part.expected())
                                .header("Idempotency-Key", key)
                                .DELETE());
    }

    static boolean fitsOneStream(Write write) {
        return write.parts().size() == 1 && write.failIfAfter() == Write.NEVER;
    }

    private static HttpRequest.Builder withPrecondition(
            HttpRequest.Builder request, long expected) {
        if (expected == Write.ANY) {
            return request;
        }
        return expected == 0
                ? request.header("If-None-Match", "*")
                : request.header("If-Match", "\"%d\"".formatted(expected));
    }

    private static ArrayNode events(Write write, Write.Part part) {
        ArrayNode events = JSON.createArrayNode();
        for (UUID id : part.ids()) {
            ObjectNode event = events.addObject().put("id", id.toString()).put("type", "Written");
            event.putArray("tags").add(write.tag());
        }
        return events;
    }

    /** What an answer means; any other one is a bug of the service. */
    static Outcome outcome(Write write, HttpResponse<String> answer) {
        JsonNode body = Replicas.json(answer.body());
        return switch (answer.statusCode()) {
            case 200, 201 -> new Outcome.Accepted(places(body), body.path("duplicate").asBoolean());
            case 404 -> new Outcome.Conflict(List.of(nothingToDelete(write, answer)));
            case 410 -> new Outcome.Deleted(tombstone(body));
            case 412 -> new Outcome.Conflict(failed(answer, body.get("conflicts")));
            case 503 ->
                    switch (body.get("type").asText()) {
                        case "/problems/overloaded" -> new Outcome.NotDone();
                        case "/problems/outcome-unknown" -> new Outcome.Unknown();
                        default -> throw Replicas.unexpected(answer);
                    };
            default -> throw Replicas.unexpected(answer);
        };
    }

    private static List<Outcome.Place> places(JsonNode body) {
        List<Outcome.Place> places = new ArrayList<>();
        JsonNode streams = body.get("streams");
        (streams == null ? List.of(body) : streams)
                .forEach(
                        part ->
                                places.add(
                                        new Outcome.Place(
                                                part.get("stream").asText(),
                                                first(part, "firstVersion", "version"),
                                                part.get("version").asLong(),
                                                first(part, "firstPosition", "position"),
                                                part.get("position").asLong())));
        return places;
    }

    /** A deletion is one event, and names no first one. */
    private static long first(JsonNode part, String first, String last) {
        return part.path(first).asLong(part.get(last).asLong());
    }

    private static Outcome.Failed nothingToDelete(Write write, HttpResponse<String> answer) {
        Write.Part part = write.parts().getFirst();
        if (!(write.form() instanceof Write.Form.Deletion) || part.expected() != Write.ANY) {
            throw Replicas.unexpected(answer);
        }
        return new Outcome.Failed.AtVersion(part.stream(), part.expected(), 0);
    }

    /** What deleted a stream, of which a problem document tells; unless it is there again. */
    static Optional<UUID> tombstone(JsonNode body) {
        return Optional.ofNullable(body.get("reason")).map(JsonNode::asText).map(UUID::fromString);
    }

    private static List<Outcome.Failed> failed(HttpResponse<String> answer, JsonNode conflicts) {
        List<Outcome.Failed> failed = new ArrayList<>();
        for (JsonNode conflict : conflicts) {
            if (conflict.has("positions")) {
                List<Long> positions = new ArrayList<>();
                conflict.get("positions").forEach(position -> positions.add(position.asLong()));
                failed.add(new Outcome.Failed.Tagged(positions));
            } else if (conflict.has("stream")) {
                failed.add(
                        new Outcome.Failed.AtVersion(
                                conflict.get("stream").asText(),
                                // "noStream" is 0.
                                conflict.get("expected").asLong(),
                                conflict.get("actual").asLong()));
            } else {
                throw Replicas.unexpected(answer);
            }
        }
        return failed;
    }

    /** An event of a page. */
    static Logged logged(JsonNode event) {
        return new Logged(
                event.get("position").asLong(),
                event.get("stream").asText(),
                event.get("version").asLong(),
                UUID.fromString(event.get("id").asText()),
                event.get("tags").path(0).asText(Write.NO_TAG),
                event.get("type").asText().equals("$deleted"));
    }
}
