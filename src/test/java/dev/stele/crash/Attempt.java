package dev.stele.crash;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.http.HttpResponse;

/** What one attempt to append came to, as far as the client is told. */
sealed interface Attempt {

    /** 201, or 200 when {@code repeated}: it is durable. */
    record Accepted(Receipt receipt, boolean repeated) implements Attempt {}

    /** 412: decided under the log's lock, so neither this attempt nor an earlier one happened. */
    record Conflict() implements Attempt {}

    /** 503 overloaded, or nobody listened: this attempt did not happen. */
    record NotDone() implements Attempt {}

    /** 503 outcome-unknown, or no answer at all: it happened, or did not, or still will. */
    record Unknown() implements Attempt {}

    /** What an answer to an accepted append says; a repeat gets the same. */
    record Receipt(JsonNode body, String version, String location, String position) {

        long firstPosition() {
            return body.get("firstPosition").asLong();
        }
    }

    /** What an answer means; any other one is a bug of the service. */
    static Attempt of(HttpResponse<String> answer) {
        return switch (answer.statusCode()) {
            case 201 -> new Accepted(receipt(answer), false);
            case 200 -> new Accepted(receipt(answer), true);
            case 412 -> new Conflict();
            case 503 ->
                    switch (Replicas.json(answer.body()).get("type").asText()) {
                        case "/problems/overloaded" -> new NotDone();
                        case "/problems/outcome-unknown" -> new Unknown();
                        default -> throw Replicas.unexpected(answer);
                    };
            default -> throw Replicas.unexpected(answer);
        };
    }

    private static Receipt receipt(HttpResponse<String> answer) {
        ObjectNode body = (ObjectNode) Replicas.json(answer.body());
        boolean duplicate = body.path("duplicate").asBoolean();
        if (duplicate != (answer.statusCode() == 200)) {
            throw Replicas.unexpected(answer);
        }
        body.remove("duplicate");
        return new Receipt(
                body,
                header(answer, "ETag"),
                header(answer, "Location"),
                header(answer, "Stele-Position"));
    }

    private static String header(HttpResponse<String> answer, String name) {
        return answer.headers().firstValue(name).orElseThrow(() -> Replicas.unexpected(answer));
    }
}
