package dev.stele.publish;

import static dev.stele.testing.Api.append;
import static dev.stele.testing.Api.get;
import static dev.stele.testing.Api.request;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stele.testing.EventsTopic;
import dev.stele.testing.TestServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What cannot be sent parks its key, and whoever operates the publication sees to it. */
@QuarkusTest
@QuarkusTestResource(TestServers.class)
class ParkedPublicationTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int SMALL_BYTES = 4_096;
    private static final String LARGE = "\"" + "x".repeat(2 * SMALL_BYTES) + "\"";

    private final String name = "parked-" + UUID.randomUUID();
    private final String topic = "parked." + UUID.randomUUID();

    /** No other test's events are in it. */
    private final String category = "parked" + UUID.randomUUID().toString().replace("-", "");

    private final String stream = category + "-1";
    private final String other = category + "-2";
    private final String parked = "/v1/publications/" + name + "/parked";

    @AfterEach
    void delete() {
        request().delete("/v1/publications/" + name);
    }

    @Test
    void a_message_that_is_too_large_for_its_topic_is_sent_once_and_in_order_when_it_fits()
            throws Exception {
        makeSmallTopic();
        put("");
        count(stream, "1");
        long bad = count(stream, LARGE);
        count(stream, "3");
        long last = count(other, "4");
        caughtUp(last);
        assertEquals(List.of("1"), of(stream, EventsTopic.recordsIn(topic, 2)));
        get(parked)
                .then()
                .statusCode(200)
                .body("parked.key", equalTo(List.of(stream)))
                .body("parked[0].position", equalTo((int) bad))
                .body("parked[0].error", containsString("topic " + topic))
                .body("parked[0].waiting", equalTo(1));

        retry(stream);
        await().atMost(PATIENCE).until(() -> attempts() == 2);
        setLimit(16 * SMALL_BYTES);
        retry(stream);

        List<ConsumerRecord<String, byte[]>> all = EventsTopic.recordsIn(topic, 4);
        assertEquals(List.of("1", LARGE, "3"), of(stream, all));
        assertEquals(List.of("4"), of(other, all));
        await().atMost(PATIENCE).until(() -> parkedKeys() == 0);
        count(stream, LARGE);
        assertEquals(List.of("1", LARGE, "3", LARGE), of(stream, EventsTopic.recordsIn(topic, 5)));
        assertEquals(0, parkedKeys());
    }

    @Test
    void what_waited_behind_a_skipped_event_is_sent_in_order() {
        put(", \"value\": \".data + 1\"");
        count(stream, "1");
        long bad = count(stream, "\"two\"");
        count(stream, "3");
        long worse = count(stream, "\"four\"");
        caughtUp(count(stream, "5"));

        skip(stream, bad, "it was a joke");

        await().atMost(PATIENCE)
                .until(
                        () ->
                                Optional.ofNullable(get(parked + "/" + stream).path("position"))
                                        .equals(Optional.of((int) worse)));
        assertEquals(List.of("2", "4"), of(stream, EventsTopic.recordsIn(topic, 2)));
        get("/v1/publications/" + name).then().body("state", equalTo("running"));
        request()
                .contentType(ContentType.JSON)
                .body("{\"position\": %d, \"reason\": \"once more\"}".formatted(bad))
                .post(parked + "/" + stream + "/skip")
                .then()
                .statusCode(409)
                .body("type", equalTo("/problems/other-event-parked"))
                .body("position", equalTo((int) worse));
        skip(stream, worse, "this too");
        assertEquals(List.of("2", "4", "6"), of(stream, EventsTopic.recordsIn(topic, 3)));
        get("/v1/publications/" + name + "/skipped")
                .then()
                .statusCode(200)
                .body("skipped.position", equalTo(List.of((int) bad, (int) worse)))
                .body("skipped.reason", equalTo(List.of("it was a joke", "this too")))
                .body("skipped.publicationVersion", equalTo(List.of(1, 1)))
                .body("skipped[0].error", notNullValue());
    }

    @Test
    void an_event_whose_key_fails_parks_its_stream() {
        put(", \"key\": \".data.key\"");
        count(stream, "{\"key\":\"a\"}");
        count(stream, "{\"key\":5}");
        count(stream, "{\"key\":\"a\"}");
        caughtUp(count(other, "{\"key\":\"a\"}"));

        get(parked)
                .then()
                .body("parked.key", equalTo(List.of(stream)))
                .body("parked[0].error", containsString("key: "))
                .body("parked[0].waiting", equalTo(1));
        assertEquals(
                List.of(stream, other),
                EventsTopic.recordsIn(topic, 2).stream()
                        .map(each -> EventsTopic.headers(each).get("ce_subject"))
                        .toList());
    }

    @Test
    void what_is_parked_while_it_is_paused_is_tried_when_it_goes_on() {
        put(", \"value\": \".data + 1\"");
        long bad = count(stream, "\"one\"");
        caughtUp(count(stream, "2"));
        request().post("/v1/publications/" + name + "/pause").then().statusCode(200);

        skip(stream, bad, "one is not a number");
        retry(stream);
        get(parked + "/" + stream).then().statusCode(200).body("retrying", equalTo(true));
        request()
                .contentType(ContentType.JSON)
                .body("{\"position\": %d, \"reason\": \"too early\"}".formatted(bad))
                .post(parked + "/" + stream + "/skip")
                .then()
                .statusCode(503)
                .header("Retry-After", "1")
                .body("type", equalTo("/problems/key-not-settled"));
        request().post("/v1/publications/" + name + "/resume").then().statusCode(200);

        assertEquals(List.of("3"), of(stream, EventsTopic.recordsIn(topic, 1)));
        await().atMost(PATIENCE).until(() -> parkedKeys() == 0);
    }

    @Test
    void the_built_in_publication_and_one_that_is_not_there_are_told_apart() {
        get("/v1/publications/events/parked").then().statusCode(200);
        get("/v1/publications/events/skipped").then().statusCode(200);
        get(parked).then().statusCode(404).body("type", equalTo("/problems/publication-not-found"));
        request().post(parked + "/retry").then().statusCode(404);
        put("");
        get(parked).then().statusCode(200).body("parked", empty());
        request().post(parked + "/retry").then().statusCode(202).body("retried", equalTo(0));
    }

    private void put(String more) {
        request()
                .contentType(ContentType.JSON)
                .body(
                        "{\"topic\": \"%s\", \"source\": {\"categories\": [\"%s\"]}%s}"
                                .formatted(topic, category, more))
                .put("/v1/publications/" + name)
                .then()
                .statusCode(201)
                .body("parkedKeys", equalTo(0));
    }

    private static long count(String stream, String data) {
        Response appended = append(stream, "{\"type\":\"Counted\",\"data\":%s}".formatted(data));
        appended.then().statusCode(201);
        return Long.parseLong(appended.header("Stele-Position"));
    }

    private void caughtUp(long position) {
        await().atMost(PATIENCE)
                .until(
                        () ->
                                get("/v1/publications/" + name).jsonPath().getLong("position")
                                        >= position);
    }

    private void retry(String key) {
        request().post(parked + "/" + key + "/retry").then().statusCode(202);
    }

    /** A key that is just being tried is asked about again. */
    private void skip(String key, long position, String reason) {
        await().atMost(PATIENCE)
                .until(
                        () -> {
                            Response answer =
                                    request()
                                            .contentType(ContentType.JSON)
                                            .body(
                                                    "{\"position\": %d, \"reason\": \"%s\"}"
                                                            .formatted(position, reason))
                                            .post(parked + "/" + key + "/skip");
                            assertTrue(
                                    List.of(200, 503).contains(answer.statusCode()),
                                    answer.asString());
                            return answer.statusCode() == 200;
                        });
    }

    private int attempts() {
        return get(parked + "/" + stream).path("attempts");
    }

    private int parkedKeys() {
        return get("/v1/publications/" + name).path("parkedKeys");
    }

    private static List<String> of(String key, List<ConsumerRecord<String, byte[]>> all) {
        return all.stream().filter(each -> each.key().equals(key)).map(EventsTopic::text).toList();
    }

    private void makeSmallTopic() throws Exception {
        try (Admin admin = admin()) {
            NewTopic small = new NewTopic(topic, Optional.of(2), Optional.empty());
            small.configs(Map.of("max.message.bytes", Integer.toString(SMALL_BYTES)));
            admin.createTopics(List.of(small)).all().get(60, TimeUnit.SECONDS);
        }
    }

    private void setLimit(int bytes) throws Exception {
        try (Admin admin = admin()) {
            admin.incrementalAlterConfigs(
                            Map.of(
                                    new ConfigResource(ConfigResource.Type.TOPIC, topic),
                                    List.of(
                                            new AlterConfigOp(
                                                    new ConfigEntry(
                                                            "max.message.bytes",
                                                            Integer.toString(bytes)),
                                                    AlterConfigOp.OpType.SET))))
                    .all()
                    .get(60, TimeUnit.SECONDS);
        }
    }

    private static Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", TestServers.kafka().bootstrapServers()));
    }
}
