package dev.stele.http;

import static dev.stele.testing.Api.append;
import static dev.stele.testing.Api.appendCounted;
import static dev.stele.testing.Api.freshStream;
import static dev.stele.testing.Api.get;
import static dev.stele.testing.Api.getCloudEvents;
import static dev.stele.testing.Api.request;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.stele.testing.TestServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pages of events as batches of CloudEvents. */
@QuarkusTest
@QuarkusTestResource(TestServers.class)
class CloudEventPageTest {

    private static final String STRUCTURED = "application/cloudevents+json";
    private static final String BATCH = "application/cloudevents-batch+json";

    @Test
    void an_event_is_a_cloud_event_of_its_log() {
        String stream = freshStream("page");
        String cause = UUID.randomUUID().toString();
        Response answer =
                append(
                        stream,
                        """
                        {"type": "Deposited", "schemaVersion": 2, "occurredAt": "2026-11-23T06:00:00Z", "data": {"amount": 1.10},
                         "metadata": {"correlationId": "c-1", "causationId": "%s"}}
                        """
                                .formatted(cause));
        String recordedAt =
                get("/v1/streams/" + stream + "/events/1").jsonPath().getString("recordedAt");

        Response page = getCloudEvents("/v1/streams/" + stream + "/events");

        page.then().statusCode(200).contentType(BATCH);
        assertEquals(
                "[{\"specversion\":\"1.0\",\"id\":\"%s\",\"source\":\"urn:stele:%s\",\"type\":\"Deposited\",\"subject\":\"%s\",\"time\":\"2026-11-23T06:00:00Z\",\"datacontenttype\":\"application/json\",\"partitionkey\":\"%s\",\"position\":\"%s\",\"streamversion\":\"1\",\"schemaversion\":2,\"recordedat\":\"%s\",\"correlationid\":\"c-1\",\"causationid\":\"%s\",\"data\":{\"amount\":1.10}}]"
                        .formatted(
                                answer.jsonPath().getString("ids[0]"),
                                get("/v1/log").jsonPath().getString("id"),
                                stream,
                                stream,
                                answer.header("Stele-Position"),
                                recordedAt,
                                cause),
                page.asString());
    }

    /** The members of an event that must come back as they were sent. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"data\":{\"b\":1.10,\"a\":[]}",
                "\"data\":null",
                "\"data\":\"x\"",
                "\"datacontenttype\":\"application/json; charset=utf-8\",\"data\":\"x\"",
                "\"datacontenttype\":\"application/vnd.x+json\",\"data\":{}",
                "\"datacontenttype\":\"text/plain\",\"data\":\"é\\n\\\"\"",
                "\"datacontenttype\":\"text/plain\",\"data\":\"\"",
                "\"datacontenttype\":\"text/plain\"",
                "\"datacontenttype\":\"image/png\",\"data_base64\":\"/wA=\"",
                "\"datacontenttype\":\"text/plain\",\"data_base64\":\"aGk=\"",
                "\"datacontenttype\":\"application/json\",\"data_base64\":\"MQ==\"",
                "\"datacontenttype\":\"image/png\",\"data_base64\":\"\"",
                "\"subject\":\"o-1\",\"dataschema\":\"urn:schema:1\"",
                "\"region\":\"é\",\"priority\":-2147483648,\"urgent\":false,\"empty\":\"\"",
                "\"time\":\"2026-11-23T06:00:00.123456Z\"",
                "\"correlationid\":\"c-1\",\"schemaversion\":3",
                "\"correlationid\":true,\"schemaversion\":0,\"causationid\":\"none\"",
                "\"traceparent\":\"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\",\"tags\":\"a,b\""
            })
    void a_cloud_event_comes_back_with_all_that_it_had(String members) {
        String stream = freshStream("page");
        String event =
                "{\"specversion\":\"1.0\",\"id\":\"%s\",\"source\":\"/shop\",\"type\":\"Happened\",%s}"
                        .formatted("ID-" + UUID.randomUUID(), members);
        append(stream, STRUCTURED, event.getBytes(StandardCharsets.UTF_8), Map.of())
                .then()
                .statusCode(201);

        Response page = getCloudEvents("/v1/streams/" + stream + "/events");

        Map<String, Object> sent = JsonPath.from(event).getMap("");
        Map<String, Object> found = page.jsonPath().getMap("[0]");
        sent.forEach((name, value) -> assertEquals(value, found.get(name), name));
        assertEquals(sent.containsKey("data"), found.containsKey("data"));
        assertEquals(sent.containsKey("data_base64"), found.containsKey("data_base64"));
    }

    @Test
    void where_a_cloud_event_is_only_its_log_can_say() {
        String stream = freshStream("page");
        appendCounted(stream, 1);
        String elsewhere =
                getCloudEvents("/v1/streams/" + stream + "/events")
                        .asString()
                        .replaceFirst("\"id\":\"[^\"]*", "\"id\":\"" + UUID.randomUUID())
                        .replaceFirst("urn:stele:[^\"]*", "urn:stele:" + UUID.randomUUID())
                        .replaceFirst("\"position\":\"[^\"]*", "\"position\":\"7")
                        .replaceFirst("\"streamversion\":\"[^\"]*", "\"streamversion\":\"7");
        Response answer =
                append(stream, BATCH, elsewhere.getBytes(StandardCharsets.UTF_8), Map.of());

        assertEquals(201, answer.statusCode(), answer.asString());
        getCloudEvents("/v1/streams/" + stream + "/events?from=2")
                .then()
                .body("[0].source", startsWith("urn:stele:"))
                .body("[0].subject", equalTo(stream))
                .body("[0].position", equalTo(answer.header("Stele-Position")))
                .body("[0].streamversion", equalTo("2"));
        get("/v1/streams/" + stream + "/events/2")
                .then()
                .body("metadata.$cloudevent.position", equalTo("7"))
                .body("metadata.$cloudevent.streamversion", equalTo("7"));
    }

    @Test
    void absent_data_has_no_content_type() {
        String stream = freshStream("page");
        append(stream, "{\"type\":\"Empty\"}");

        getCloudEvents("/v1/streams/" + stream + "/events")
                .then()
                .body("[0]", not(hasKey("data")))
                .body("[0]", not(hasKey("datacontenttype")));
    }

    @Test
    void the_next_page_is_behind_a_link() {
        String stream = freshStream("page");
        long before = get("/v1/log").jsonPath().getLong("head");
        appendCounted(stream, 5);

        assertEquals(numbersTo(5), walk("/v1/streams/" + stream + "/events?limit=2"));
        assertEquals(numbersTo(5), walk("/v1/events?limit=2&after=" + before));
        getCloudEvents("/v1/streams/" + stream + "/events?from=6").then().body("$", hasSize(0));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "*/*                                                        | application/json",
                "application/*                                              | application/json",
                "application/json                                           | application/json",
                "application/cloudevents-batch+json                         |"
                        + " application/cloudevents-batch+json",
                "application/json;q=0.5, application/cloudevents-batch+json |"
                        + " application/cloudevents-batch+json",
                "application/json, application/cloudevents-batch+json;q=0.5 | application/json",
                "text/csv, application/cloudevents-batch+json;q=0.1         |"
                        + " application/cloudevents-batch+json"
            })
    void the_reader_chooses_the_representation(String accept, String representation) {
        String stream = freshStream("page");
        appendCounted(stream, 1);
        for (String path : List.of("/v1/streams/" + stream + "/events", "/v1/events?limit=1")) {
            request()
                    .header("Accept", accept)
                    .get(path)
                    .then()
                    .statusCode(200)
                    .contentType(representation)
                    .header("Vary", startsWith("Accept"));
        }
    }

    @Test
    void what_is_not_accepted_is_not_given() {
        String stream = freshStream("page");
        appendCounted(stream, 1);
        for (String path : List.of("/v1/streams/" + stream + "/events", "/v1/events")) {
            for (String type : List.of("text/csv", STRUCTURED)) {
                request()
                        .accept(type)
                        .get(path)
                        .then()
                        .statusCode(406)
                        .body("type", equalTo("/problems/not-acceptable"));
            }
        }
        getCloudEvents("/v1/streams/" + stream).then().statusCode(406);
    }

    @Test
    void each_representation_has_an_etag_of_its_own() {
        String stream = freshStream("page");
        appendCounted(stream, 2);
        String path = "/v1/streams/" + stream + "/events?limit=2&schema=stored";
        String json = get(path).header("ETag");

        Response cloudEvents = getCloudEvents(path);

        String etag = cloudEvents.header("ETag");
        assertNotEquals(json, etag);
        assertEquals("no-cache", cloudEvents.header("Cache-Control"));
        request().accept(BATCH).header("If-None-Match", etag).get(path).then().statusCode(304);
        request().accept(BATCH).header("If-None-Match", json).get(path).then().statusCode(200);
        request().accept(BATCH).head(path).then().statusCode(200).header("ETag", etag);
    }

    /** The data of all events from a page on, by the links between the pages. */
    private static List<Integer> walk(String path) {
        List<Integer> found = new ArrayList<>();
        String next = path;
        while (next != null) {
            Response page = getCloudEvents(next);
            found.addAll(page.jsonPath().getList("data", Integer.class));
            String link = page.header("Link");
            next = link == null ? null : link.replaceFirst("<(.*)>; rel=\"next\"", "$1");
        }
        return found;
    }

    private static List<Integer> numbersTo(int last) {
        return IntStream.rangeClosed(1, last).boxed().toList();
    }
}
