package dev.stele.publish;

import static dev.stele.testing.Api.append;
import static dev.stele.testing.Api.get;
import static dev.stele.testing.Api.request;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.stele.testing.EventsTopic;
import dev.stele.testing.TestServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Publications as their owners see them: by HTTP, and in Kafka. */
@QuarkusTest
@QuarkusTestResource(TestServers.class)
class PublicationsTest {

    private final String name = "p-" + UUID.randomUUID();
    private final String topic = "orders." + UUID.randomUUID();

    /** No other test's events are in it. */
    private final String category = "order" + UUID.randomUUID().toString().replace("-", "");

    private final String stream = category + "-1";

    @AfterEach
    void delete() {
        request().delete("/v1/publications/" + name);
    }

    @Test
    void a_publication_is_made_kept_changed_and_deleted() {
        put("").then()
                .statusCode(201)
                .header("Location", "/v1/publications/" + name)
                .body("publication", equalTo(name))
                .body("publicationVersion", equalTo(1))
                .body("state", equalTo("running"));
        put("").then().statusCode(200).body("publicationVersion", equalTo(1));
        put(", \"value\": \".data\"").then().statusCode(202).body("publicationVersion", equalTo(2));

        get("/v1/publications/" + name)
                .then()
                .statusCode(200)
                .body("definition.topic", equalTo(topic))
                .body("definition.value", equalTo(".data"))
                .body("head", notNullValue());
        get("/v1/publications")
                .then()
                .statusCode(200)
                .body("publications.publication", hasItems("events", name));

        request().delete("/v1/publications/" + name).then().statusCode(204);
        get("/v1/publications/" + name)
                .then()
                .statusCode(404)
                .body("type", equalTo("/problems/publication-not-found"));
        request().delete("/v1/publications/" + name).then().statusCode(404);
        request().post("/v1/publications/" + name + "/pause").then().statusCode(404);
        put("").then().statusCode(201).body("publicationVersion", equalTo(3));
    }

    @Test
    void programs_make_the_messages() {
        append(stream, "{\"type\":\"Noise\",\"data\":{}}");
        String id =
                append(
                                stream,
                                "{\"type\":\"Placed\",\"schemaVersion\":2,\"data\":{\"total\":7,\"customer\":\"ann\"}}")
                        .jsonPath()
                        .getString("ids[0]");
        put(
                """
                , "key": ".data.customer", "type": "\\"com.example.placed\\"",
                  "value": "select(.type == \\"Placed\\") | {order: .stream, total: .data.total}"
                """);

        ConsumerRecord<String, byte[]> made = EventsTopic.recordsIn(topic, 1).getFirst();

        assertEquals("ann", made.key());
        assertEquals("{\"order\":\"%s\",\"total\":7}".formatted(stream), EventsTopic.text(made));
        Map<String, String> headers = EventsTopic.headers(made);
        assertEquals(id, headers.get("ce_id"));
        assertEquals("com.example.placed", headers.get("ce_type"));
        assertEquals("ann", headers.get("ce_partitionkey"));
        assertEquals(stream, headers.get("ce_subject"));
        assertEquals("2", headers.get("ce_streamversion"));
        assertEquals("application/json", headers.get("content-type"));
        assertNull(headers.get("ce_schemaversion"));
    }

    @Test
    void an_event_may_make_several_messages_with_ids_of_their_own() {
        String id =
                append(stream, "{\"type\":\"Placed\",\"data\":[1,2,3]}")
                        .jsonPath()
                        .getString("ids[0]");
        put(", \"value\": \".data[]\"");

        List<ConsumerRecord<String, byte[]>> made = EventsTopic.recordsIn(topic, 3);

        assertEquals(List.of("1", "2", "3"), made.stream().map(EventsTopic::text).toList());
        assertEquals(
                3,
                made.stream()
                        .map(each -> EventsTopic.headers(each).get("ce_id"))
                        .distinct()
                        .count());
        assertNotEquals(id, EventsTopic.headers(made.getFirst()).get("ce_id"));
    }

    @Test
    void it_starts_where_it_is_told_to() {
        appendNumber(1);
        long second = appendNumber(2);
        appendNumber(3);
        put(", \"from\": " + second);

        assertEquals(List.of("2", "3"), values(2));
    }

    @Test
    void it_may_start_with_what_comes() {
        appendNumber(1);
        put(", \"from\": \"end\"");
        appendNumber(2);

        assertEquals(List.of("2"), values(1));
    }

    @Test
    void a_changed_definition_goes_on_where_the_one_before_stopped() {
        appendNumber(1);
        put("");
        assertEquals(List.of("1"), values(1));
        put(", \"value\": \".data * 10\"").then().statusCode(202);
        appendNumber(2);

        assertEquals(List.of("1", "20"), values(2));
    }

    @Test
    void it_never_goes_back_in_its_topic() {
        appendNumber(1);
        put(", \"from\": \"end\"");
        appendNumber(2);
        assertEquals(List.of("2"), values(1));
        put(", \"from\": \"beginning\"").then().statusCode(202);
        appendNumber(3);

        assertEquals(List.of("2", "3"), values(2));
    }

    @Test
    void another_topic_with_another_start_begins_anew() {
        appendNumber(1);
        put("");
        assertEquals(List.of("1"), values(1));
        long second = appendNumber(2);
        assertEquals(List.of("1", "2"), values(2));

        String other = topic + ".again";
        putTo(other, ", \"from\": " + second).then().statusCode(202);

        assertEquals(
                List.of("2"),
                EventsTopic.recordsIn(other, 1).stream().map(EventsTopic::text).toList());
    }

    @Test
    void a_publication_that_is_made_again_begins_anew() {
        appendNumber(1);
        put("");
        assertEquals(List.of("1"), values(1));
        request().delete("/v1/publications/" + name).then().statusCode(204);

        String other = topic + ".again";
        putTo(other, "").then().statusCode(201);

        assertEquals(
                List.of("1"),
                EventsTopic.recordsIn(other, 1).stream().map(EventsTopic::text).toList());
    }

    @Test
    void a_paused_publication_waits_and_goes_on() {
        appendNumber(1);
        put("");
        assertEquals(List.of("1"), values(1));
        request()
                .post("/v1/publications/" + name + "/pause")
                .then()
                .statusCode(200)
                .body("state", equalTo("paused"));
        long position = appendNumber(2);
        assertEquals(List.of("1"), values(1));

        request()
                .post("/v1/publications/" + name + "/resume")
                .then()
                .statusCode(200)
                .body("state", equalTo("running"));

        assertEquals(List.of("1", "2"), values(2));
        await().until(() -> position() >= position);
    }

    @Test
    void a_program_that_fails_parks_the_key_and_a_changed_one_sends_it() {
        appendNumber(1);
        Response appended = append(stream, "{\"type\":\"Counted\",\"data\":\"two\"}");
        long bad = position(appended);
        appendNumber(3);
        long last = position(append(category + "-2", "{\"type\":\"Counted\",\"data\":4}"));
        put(", \"value\": \".data + 1\"");
        assertEquals(Set.of("2", "5"), Set.copyOf(values(2)));
        await().until(() -> position() >= last);
        get("/v1/publications/" + name)
                .then()
                .body("state", equalTo("running"))
                .body("parkedKeys", equalTo(1))
                .body("lastError", nullValue());
        get("/v1/publications/" + name + "/parked")
                .then()
                .body("parked[0].key", equalTo(stream))
                .body("parked[0].position", equalTo((int) bad))
                .body("parked[0].eventId", equalTo(appended.path("ids[0]")))
                .body("parked[0].type", equalTo("Counted"))
                .body("parked[0].error", containsString("value: "))
                .body("parked[0].since", notNullValue())
                .body("parked[0].waiting", equalTo(1));

        put(", \"value\": \".data\"").then().statusCode(202);

        List<ConsumerRecord<String, byte[]>> all = EventsTopic.recordsIn(topic, 4);
        assertEquals(
                List.of("2", "\"two\"", "3"),
                all.stream()
                        .filter(each -> each.key().equals(stream))
                        .map(EventsTopic::text)
                        .toList());
        await().until(() -> get("/v1/publications/" + name).path("parkedKeys").equals(0));
        get("/v1/publications/" + name).then().body("state", equalTo("running"));
    }

    @Test
    void how_long_it_takes_is_told_and_measured() {
        appendNumber(1);
        put("");
        assertEquals(List.of("1"), values(1));

        await().until(() -> get("/v1/publications/" + name).path("delay") != null);

        get("/v1/publications/" + name)
                .then()
                .body("delay.p50Ms", notNullValue())
                .body("delay.p99Ms", notNullValue())
                .body("owner", notNullValue());
    }

    @Test
    void what_is_wrong_with_a_definition_is_told_and_changes_nothing() {
        putBody("[]").then().statusCode(400).body("errors[0].pointer", equalTo(""));
        putBody(
                        """
                        {"topic": "a b", "from": 0, "source": {"types": [1]}, "lookup": {}, "messageSchema": {}, "extra": 1, "key": 5}
                        """)
                .then()
                .statusCode(400)
                .body("type", equalTo("/problems/invalid-request"))
                .body(
                        "errors.pointer",
                        hasItems(
                                "/topic",
                                "/from",
                                "/source/types/0",
                                "/lookup",
                                "/messageSchema",
                                "/extra",
                                "/key"));
        putBody("{}").then().statusCode(400).body("errors.pointer", hasItem("/topic"));
        putBody("{\"topic\":\"stele.checkpoints\"}")
                .then()
                .statusCode(400)
                .body("errors[0].detail", containsString("own"));
        put(", \"value\": \".data |\"")
                .then()
                .statusCode(422)
                .body("type", equalTo("/problems/invalid-publication"))
                .body("errors[0].pointer", equalTo("/value"));
        request()
                .contentType("text/plain")
                .body("{}")
                .put("/v1/publications/" + name)
                .then()
                .statusCode(415);
        request()
                .contentType(ContentType.JSON)
                .body("{}")
                .put("/v1/publications/Not-A-Name")
                .then()
                .statusCode(400);
        get("/v1/publications/" + name).then().statusCode(404);
    }

    @Test
    void what_is_built_in_stays_as_it_is() {
        request()
                .contentType(ContentType.JSON)
                .body("{\"topic\":\"mine\"}")
                .put("/v1/publications/events")
                .then()
                .statusCode(409)
                .body("type", equalTo("/problems/built-in"));
        request().delete("/v1/publications/events").then().statusCode(409);
        get("/v1/publications/events")
                .then()
                .statusCode(200)
                .body("definition.topic", equalTo("stele.events"));
    }

    private Response put(String more) {
        return putTo(topic, more);
    }

    private Response putTo(String topic, String more) {
        return putBody(
                "{\"topic\": \"%s\", \"source\": {\"categories\": [\"%s\"]}%s}"
                        .formatted(topic, category, more));
    }

    private Response putBody(String definition) {
        return request()
                .contentType(ContentType.JSON)
                .body(definition)
                .put("/v1/publications/" + name);
    }

    private long appendNumber(int number) {
        return position(append(stream, "{\"type\":\"Counted\",\"data\":%d}".formatted(number)));
    }

    private static long position(Response appended) {
        return Long.parseLong(appended.header("Stele-Position"));
    }

    private long position() {
        return get("/v1/publications/" + name).jsonPath().getLong("position");
    }

    /** What is in the topic, as soon as there is so much. */
    private List<String> values(int count) {
        return EventsTopic.recordsIn(topic, count).stream().map(EventsTopic::text).toList();
    }
}
