package dev.stele.http;

import static dev.stele.testing.Api.append;
import static dev.stele.testing.Api.get;
import static dev.stele.testing.Api.request;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stele.http.EdgeDocuments.Document;
import dev.stele.json.Jackson;
import dev.stele.testing.EventsTopic;
import dev.stele.testing.TestServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What is accepted can be read by everything that comes after, however close to a limit it is:
 * {@code -Dseed=} and {@code -Ddocuments=} repeat and prolong it.
 */
@QuarkusTest
@QuarkusTestResource(TestServers.class)
class EdgeOfLimitsTest {

    private static final int DOCUMENTS = Integer.getInteger("documents", 64);

    /** Entries and messages have another text for a number, and the same value. */
    private static final Comparator<JsonNode> AS_NUMBERS =
            (one, other) -> {
                if (one.isNumber() && other.isNumber()) {
                    return one.decimalValue().compareTo(other.decimalValue());
                }
                return one.equals(other) ? 0 : 1;
            };

    private final String category = "edge" + UUID.randomUUID().toString().replace("-", "");
    private final String topic = "edges." + UUID.randomUUID();
    private final String view = "v-" + UUID.randomUUID();
    private final String publication = "p-" + UUID.randomUUID();

    @AfterEach
    void delete() {
        request().delete("/v1/views/" + view);
        request().delete("/v1/publications/" + publication);
    }

    @Test
    void what_is_accepted_can_be_read_by_everything_that_comes_after() {
        long seed = Long.getLong("seed", new Random().nextLong());
        System.err.println("seed " + seed);
        EdgeDocuments documents = new EdgeDocuments(new Random(seed));
        define();
        Map<String, Document> accepted = new LinkedHashMap<>();
        long last = 0;
        for (int i = 0; i < DOCUMENTS; i++) {
            Document document = documents.next(i);
            String stream = category + "-" + i;
            Response answer =
                    append(stream, "{\"type\":\"A\",\"data\":%s}".formatted(document.data()));
            if (document.accepted()) {
                assertEquals(201, answer.statusCode(), () -> document.what());
                last = Long.parseLong(answer.header("Stele-Position"));
                accepted.put(stream, document);
            } else {
                requireRefused(answer, document);
            }
        }

        for (Map.Entry<String, Document> one : accepted.entrySet()) {
            requireOnPage(one.getKey(), one.getValue());
            requireEntry(one.getKey(), one.getValue(), last);
        }
        requireMessages(accepted);
    }

    private void define() {
        put(
                "/v1/views/" + view,
                """
                {"source": {"categories": ["%s"]},
                 "key": "if (.data | type) == \\"nothing\\" then empty else .stream end",
                 "on": {"*": "{n: (.n + 1), type: ($event.data | type), data: $event.data}"}}
                """
                        .formatted(category));
        put(
                "/v1/publications/" + publication,
                """
                {"source": {"categories": ["%s"]}, "topic": "%s",
                 "key": "select(.data | type != \\"nothing\\") | .stream",
                 "value": "{type: (.data | type), data: .data}"}
                """
                        .formatted(category, topic));
    }

    private static void requireRefused(Response answer, Document document) {
        if (answer.statusCode() == 413) {
            answer.then().body("limit", equalTo("event-bytes"));
            return;
        }
        assertEquals(400, answer.statusCode(), document::what);
        String pointer = answer.path("errors[0].pointer");
        assertEquals("/data" + document.pointer(), pointer, document::what);
    }

    private static void requireOnPage(String stream, Document document) {
        Response page = get("/v1/streams/%s/events".formatted(stream));
        assertEquals(200, page.statusCode(), document::what);
        assertTrue(
                page.asString().contains("\"data\":" + document.data() + ",\"metadata\""),
                document::what);
    }

    private void requireEntry(String stream, Document document, long position) {
        Response entry =
                request()
                        .header("Prefer", "wait=30")
                        .get(
                                "/v1/views/%s/entries/%s?minPosition=%d"
                                        .formatted(view, stream, position));
        assertEquals(
                200,
                entry.statusCode(),
                () -> "%s: %s".formatted(document.what(), get("/v1/views/" + view).asString()));
        requireSame(document, Jackson.tree(entry.asByteArray()).path("value"));
    }

    private void requireMessages(Map<String, Document> accepted) {
        Map<String, Document> missing = new LinkedHashMap<>(accepted);
        try {
            for (ConsumerRecord<String, byte[]> message :
                    EventsTopic.recordsIn(topic, accepted.size())) {
                Document document = Objects.requireNonNull(missing.remove(message.key()));
                requireSame(document, Jackson.tree(message.value()));
            }
        } catch (AssertionError e) {
            throw new AssertionError(get("/v1/publications/" + publication).asString(), e);
        }
        assertTrue(missing.isEmpty(), missing.keySet()::toString);
    }

    private static void requireSame(Document document, JsonNode made) {
        JsonNode data = Jackson.tree(document.data());
        assertTrue(data.equals(AS_NUMBERS, made.path("data")), document::what);
        assertEquals(
                data.getNodeType().toString().toLowerCase(Locale.ROOT),
                made.path("type").textValue());
    }

    private static void put(String address, String definition) {
        request()
                .contentType("application/json")
                .body(definition)
                .put(address)
                .then()
                .statusCode(201);
    }
}
