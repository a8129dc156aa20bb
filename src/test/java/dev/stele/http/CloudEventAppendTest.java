package dev.stele.http;

import static dev.stele.testing.Api.append;
import static dev.stele.testing.Api.appendCounted;
import static dev.stele.testing.Api.freshStream;
import static dev.stele.testing.Api.get;
import static dev.stele.testing.Api.getCloudEvents;
import static dev.stele.testing.Api.request;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stele.testing.TestServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** CloudEvents as bodies of appends: structured, in batches, and binary. */
@QuarkusTest
@QuarkusTestResource(TestServers.class)
class CloudEventAppendTest {

    private static final String STRUCTURED = "application/cloudevents+json";
    private static final String BATCH = "application/cloudevents-batch+json";

    @Test
    void a_structured_cloud_event_becomes_an_event() {
        String stream = freshStream("order");
        String id = freshId();

        structured(
                        stream,
                        """
                        {"specversion": "1.0", "id": "%s", "source": "/shop", "type": "OrderPlaced", "subject": "o-1",
                         "time": "2026-11-23T07:00:00.123456789+01:00", "dataschema": "urn:schema:1",
                         "data": {"total": 1.10}, "priority": 3, "urgent": true, "region": "é"}
                        """
                                .formatted(id))
                .then()
                .statusCode(201)
                .header("ETag", "\"1\"")
                .body("stream", equalTo(stream))
                .body("ids[0]", matchesPattern("[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab].*"));

        get("/v1/streams/" + stream + "/events/1")
                .then()
                .body("type", equalTo("OrderPlaced"))
                .body("occurredAt", equalTo("2026-11-23T06:00:00.123456Z"))
                .body("data", equalTo(Map.of("total", 1.1f)))
                .body("$", not(hasKey("contentType")))
                .body("metadata.$cloudevent.id", equalTo(id))
                .body("metadata.$cloudevent.source", equalTo("/shop"))
                .body("metadata.$cloudevent.subject", equalTo("o-1"))
                .body("metadata.$cloudevent.dataschema", equalTo("urn:schema:1"))
                .body("metadata.$cloudevent.priority", is(3))
                .body("metadata.$cloudevent.urgent", is(true))
                .body("metadata.$cloudevent.region", equalTo("é"))
                .body("metadata.$cloudevent", not(hasKey("type")))
                .body("metadata.$cloudevent", not(hasKey("time")))
                .body("tags", hasSize(0));
    }

    @Test
    void a_binary_cloud_event_becomes_the_same_event() {
        String stream = freshStream("order");
        String id = freshId();
        binary(
                        stream,
                        "application/json",
                        " {\"a\": 1.10}",
                        Map.of(
                                "ce-id", id,
                                "ce-source", "/shop",
                                "ce-subject", "k%C3%A4se%20%F0%9F%A7%80",
                                "ce-region", "\"a \\\"b\\\" %41\""))
                .then()
                .statusCode(201);

        structured(
                        stream,
                        """
                        {"region": "a \\"b\\" A", "subject": "käse 🧀", "datacontenttype": "application/json",
                         "data": {"a":1.10}, "id": "%s", "type": "Happened", "source": "/shop", "specversion": "1.0"}
                        """
                                .formatted(id))
                .then()
                .statusCode(200)
                .body("duplicate", is(true));
    }

    @Test
    void a_batch_is_appended_as_a_whole_or_not_at_all() {
        String stream = freshStream("order");
        String batch = "[" + event(freshId()) + "," + event(freshId()) + "]";

        batch(stream, batch, Map.of("If-Match", "\"7\"")).then().statusCode(412);
        batch(stream, batch.replaceFirst("\"type\"", "\"typo\""), Map.of()).then().statusCode(400);
        get("/v1/streams/" + stream).then().statusCode(404);
        batch(stream, batch, Map.of("If-None-Match", "*"))
                .then()
                .statusCode(201)
                .header("ETag", "\"2\"")
                .body("ids", hasSize(2));
    }

    @Test
    void a_repeat_has_no_second_effect_and_anything_else_with_its_ids_is_refused() {
        String stream = freshStream("order");
        String event = event(freshId());
        Response first = structured(stream, event);
        appendCounted(stream, 1);

        structured(stream, event)
                .then()
                .statusCode(200)
                .body("duplicate", is(true))
                .body("position", equalTo(first.jsonPath().get("position")));
        for (String other :
                List.of(
                        event.replace("\"data\":1", "\"data\":2"),
                        event.replace("\"data\":1", "\"data_base64\":\"MQ==\""),
                        event.replace(
                                "\"data\":1", "\"data\":\"1\",\"datacontenttype\":\"text/plain\""),
                        event.replace("\"data\":1", "\"data\":1,\"subject\":\"x\""),
                        event.replace("\"data\":1", "\"data\":1,\"dataschema\":\"urn:x\""),
                        event.replace("\"data\":1", "\"data\":1,\"time\":\"2026-11-23T06:00:00Z\""),
                        event.replace("Happened", "HappenedOtherwise"))) {
            structured(stream, other)
                    .then()
                    .statusCode(409)
                    .body("type", equalTo("/problems/id-reused"))
                    .body("ids", equalTo(first.jsonPath().getList("ids")));
        }
        structured(freshStream("order"), event).then().statusCode(409);
    }

    /** What brokers write anew at each attempt, and what the log itself understands. */
    @Test
    void a_repeat_may_have_other_extension_attributes_and_the_first_ones_are_kept() {
        String stream = freshStream("order");
        String id = freshId();
        String trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        Map<String, String> first =
                Map.of(
                        "ce-id", id,
                        "ce-traceparent", trace,
                        "ce-knativearrivaltime", "2026-11-23T06:00:00Z",
                        "ce-sequence", "1",
                        "ce-correlationid", "c-1",
                        "ce-schemaversion", "3");
        binary(stream, "application/json", "1", first).then().statusCode(201);

        for (Map<String, String> again :
                List.of(
                        Map.of("ce-id", id),
                        Map.of(
                                "ce-id", id,
                                "ce-traceparent", trace.replace("01", "00"),
                                "ce-tracestate", "a=b",
                                "ce-knativearrivaltime", "2026-11-23T06:00:01Z",
                                "ce-sequence", "2"),
                        Map.of(
                                "ce-id",
                                id,
                                "ce-correlationid",
                                "c-2",
                                "ce-causationid",
                                UUID.randomUUID().toString(),
                                "ce-schemaversion",
                                "4"))) {
            binary(stream, "application/json", "1", again)
                    .then()
                    .statusCode(200)
                    .header("ETag", "\"1\"")
                    .body("duplicate", is(true));
        }

        get("/v1/streams/" + stream).then().body("version", is(1));
        get("/v1/streams/" + stream + "/events/1")
                .then()
                .body("schemaVersion", is(3))
                .body("metadata.correlationId", equalTo("c-1"))
                .body("metadata.$cloudevent.traceparent", equalTo(trace))
                .body("metadata.$cloudevent.sequence", equalTo("1"));
    }

    @Test
    void so_may_a_repeat_of_a_batch() {
        String stream = freshStream("order");
        String batch =
                "[%s,%s]"
                        .formatted(
                                event(freshId()).replace("1}", "1,\"sequence\":\"1\"}"),
                                event(freshId()).replace("1}", "1,\"sequence\":\"2\"}"));
        batch(stream, batch, Map.of()).then().statusCode(201);

        batch(stream, batch.replace("\"2\"", "\"7\""), Map.of())
                .then()
                .statusCode(200)
                .body("duplicate", is(true));
        batch(stream, batch.replaceFirst(",\\{.*\\}", ""), Map.of()).then().statusCode(409);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "application/json            | application/json; charset=utf-8          | 200",
                "application/json            | Application/JSON;charset=\"UTF-8\";v=1     | 200",
                "application/x+json; v=1     | application/x+json; charset=utf-8        | 200",
                "application/json            | application/x+json                       | 409",
                "text/plain;charset=UTF-8    | text/plain; format=flowed; charset=utf-8 | 200",
                "text/plain                  | TEXT/PLAIN ;charset=utf-8                | 200",
                "text/plain                  | text/plain; x=\"\\\"; charset=utf-16\"     | 200",
                "text/plain                  | text/plain;charset=utf-16                | 409",
                "text/plain; charset=latin1  | text/plain; charset=utf-8                | 409",
                "text/plain                  | text/html                                | 409"
            })
    void types_of_data_are_compared_by_media_type_and_charset(
            String first, String again, int status) {
        String stream = freshStream("order");
        Map<String, String> headers = Map.of("ce-id", freshId());
        binary(stream, first, "1", headers).then().statusCode(201);

        binary(stream, again, "1", headers).then().statusCode(status);
    }

    @Test
    void data_base64_that_is_null_makes_no_difference() {
        String stream = freshStream("order");
        String event = event(freshId());
        structured(stream, event).then().statusCode(201);

        structured(stream, event.replace("\"data\":1", "\"data_base64\":null,\"data\":1"))
                .then()
                .statusCode(200)
                .body("duplicate", is(true));
        structured(
                        freshStream("order"),
                        event(freshId()).replace("\"data\":1", "\"data_base64\":null"))
                .then()
                .statusCode(201);
        structured(
                        freshStream("order"),
                        event(freshId())
                                .replace(
                                        "\"data\":1",
                                        "\"datacontenttype\":\"text/plain\",\"data_base64\":null,\"data\":\"x\""))
                .then()
                .statusCode(201);
    }

    @Test
    void an_id_that_is_no_uuid_is_one_together_with_its_source() {
        String stream = freshStream("order");
        String event = event("1").replace("/shop", "/" + stream);
        structured(stream, event).then().statusCode(201);
        structured(stream, event).then().statusCode(200);

        structured(stream, event.replace("/" + stream, "/" + stream + "/b")).then().statusCode(201);
    }

    @Test
    void an_id_that_is_a_uuid_is_the_event_s() {
        String stream = freshStream("order");
        String id = UUID.randomUUID().toString();

        structured(stream, event(id)).then().statusCode(201).body("ids", contains(id));

        get("/v1/events/" + id).then().statusCode(200).body("stream", equalTo(stream));
    }

    @Test
    void the_same_uuid_of_another_source_is_another_event() {
        String stream = freshStream("order");
        String id = UUID.randomUUID().toString();
        String first = event(id);
        String other = first.replace("/shop", "/other");
        structured(stream, first).then().statusCode(201).body("ids", contains(id));

        Response appended = structured(stream, other);
        appended.then()
                .statusCode(201)
                .header("ETag", "\"2\"")
                .body("ids[0]", matchesPattern("[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab].*"));

        structured(stream, first).then().statusCode(200).body("ids", contains(id));
        structured(stream, other)
                .then()
                .statusCode(200)
                .body("duplicate", is(true))
                .body("ids", equalTo(appended.path("ids")));
        for (String changed : List.of(first, other)) {
            structured(stream, changed.replace("\"data\":1", "\"data\":2"))
                    .then()
                    .statusCode(409)
                    .body("type", equalTo("/problems/id-reused"));
        }
        get("/v1/streams/" + stream).then().body("version", is(2));
        getCloudEvents("/v1/streams/" + stream + "/events")
                .then()
                .body("id", contains(id, id))
                .body("source", contains("/shop", "/other"));
    }

    @Test
    void a_batch_with_the_uuid_of_another_source_is_appended_once() {
        String stream = freshStream("order");
        String id = UUID.randomUUID().toString();
        structured(stream, event(id)).then().statusCode(201);
        String batch = "[%s,%s]".formatted(event(id).replace("/shop", "/other"), event(freshId()));

        batch(stream, batch, Map.of()).then().statusCode(201).header("ETag", "\"3\"");
        batch(stream, batch, Map.of()).then().statusCode(200).header("ETag", "\"3\"");
    }

    @Test
    void an_event_of_the_log_that_is_sent_to_it_again_as_a_cloud_event_is_refused() {
        String stream = freshStream("order");
        append(stream, "{\"type\":\"Happened\",\"data\":1}").then().statusCode(201);
        byte[] given = getCloudEvents("/v1/streams/" + stream + "/events").asByteArray();

        append(stream, BATCH, given, Map.of())
                .then()
                .statusCode(409)
                .body("type", equalTo("/problems/id-reused"));
    }

    /** A body would be an event in reply to a broker, and a broken one. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "reply                              | reply",
                "return=minimal                     | return=minimal",
                "Return=\"minimal\"; x=\"a, b\" , REPLY | return=minimal, reply",
                "respond-async, reply;x=1           | reply"
            })
    void nothing_is_said_in_a_body_to_whoever_prefers_none(String prefer, String applied) {
        String stream = freshStream("order");
        Map<String, String> headers = Map.of("ce-id", freshId(), "Prefer", prefer);
        for (int status : List.of(201, 200)) {
            Response answer = binary(stream, "application/json", "1", headers);
            answer.then()
                    .statusCode(status)
                    .header("Preference-Applied", applied)
                    .header("Content-Type", nullValue())
                    .header("Content-Length", "0")
                    .header("ETag", "\"1\"")
                    .header("Location", "/v1/streams/" + stream + "/events/1")
                    .header("Stele-Position", notNullValue())
                    .header("Stele-Generation", notNullValue());
            assertEquals(0, answer.asByteArray().length);
        }
        binary(stream, "application/json", "2", headers)
                .then()
                .statusCode(409)
                .header("Preference-Applied", nullValue())
                .body("type", equalTo("/problems/id-reused"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"return=representation", "x=\"reply, reply\"", "x; reply", "return"})
    void everything_is_said_to_whoever_prefers_something_else(String prefer) {
        binary(freshStream("order"), "application/json", "1", Map.of("Prefer", prefer))
                .then()
                .statusCode(201)
                .header("Preference-Applied", nullValue())
                .body("ids", hasSize(1));
    }

    /** Permission is a matter of configuration: WebhookTest. */
    @Test
    void a_webhook_gets_no_permission_by_itself() {
        request()
                .header("WebHook-Request-Origin", "emitter.example.com")
                .options("/v1/streams/" + freshStream("order") + "/events")
                .then()
                .statusCode(200)
                .header("Allow", "GET, HEAD, OPTIONS, POST")
                .header("WebHook-Allowed-Origin", nullValue());
    }

    @Test
    void an_idempotency_key_does_not_go_with_ids() {
        Map<String, String> key = Map.of("Idempotency-Key", "k");
        append(freshStream("order"), STRUCTURED, bytes(event(freshId())), key)
                .then()
                .statusCode(400);
        Map<String, String> headers = new HashMap<>(key);
        headers.put("ce-id", freshId());
        binary(freshStream("order"), "application/json", "1", headers).then().statusCode(400);
    }

    @Test
    void attributes_of_the_log_s_own_words_are_understood() {
        String stream = freshStream("order");
        String cause = UUID.randomUUID().toString();

        binary(
                        stream,
                        "application/json",
                        "1",
                        Map.of(
                                "ce-correlationid", "c-1",
                                "ce-causationid", cause,
                                "ce-schemaversion", "3"))
                .then()
                .statusCode(201);

        get("/v1/streams/" + stream + "/events/1")
                .then()
                .body("schemaVersion", is(3))
                .body("metadata.correlationId", equalTo("c-1"))
                .body("metadata.causationId", equalTo(cause))
                .body("metadata.$cloudevent", not(hasKey("correlationid")))
                .body("metadata.$cloudevent", not(hasKey("causationid")))
                .body("metadata.$cloudevent", not(hasKey("schemaversion")));
    }

    @Test
    void the_same_words_with_another_meaning_are_extensions() {
        String stream = freshStream("order");

        structured(
                        stream,
                        event(freshId())
                                .replace(
                                        "\"data\":1",
                                        "\"correlationid\":7,\"causationid\":\"c\",\"schemaversion\":\"v1\""))
                .then()
                .statusCode(201);

        get("/v1/streams/" + stream + "/events/1")
                .then()
                .body("schemaVersion", nullValue())
                .body("metadata.correlationId", nullValue())
                .body("metadata.$cloudevent.correlationid", is(7))
                .body("metadata.$cloudevent.causationid", equalTo("c"))
                .body("metadata.$cloudevent.schemaversion", equalTo("v1"));
    }

    /** What is sent in binary mode, and what a reader of JSON gets. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "application/json             | \"x\"   |                 | x    | ",
                "application/vnd.x+json; v=1  | \"x\"   |                 | x    | ",
                "text/plain                   | é <a>   | text/plain      | é <a>| ",
                "Text/Plain; charset=utf-8    | 1       | Text/Plain; charset=utf-8 | 1 | ",
                "application/xml              | <a/>    | application/xml | <a/> | ",
                "application/octet-stream     | FF00    | application/octet-stream | | /wA=",
                "text/plain                   | C0      | text/plain      |      | wA==",
                "text/plain                   | 00      | text/plain      |      | AA=="
            })
    void data_is_json_or_text_or_bytes(
            String type, String body, String contentType, String data, String dataBase64) {
        String stream = freshStream("order");
        boolean hex = dataBase64 != null;

        append(stream, type, hex ? hex(body) : bytes(body), headers(Map.of()))
                .then()
                .statusCode(201);

        get("/v1/streams/" + stream + "/events/1")
                .then()
                .body("contentType", equalTo(contentType))
                .body("data", equalTo(data))
                .body("dataBase64", equalTo(dataBase64));
    }

    @Test
    void an_empty_body_is_absent_data() {
        String stream = freshStream("order");

        binary(stream, "text/plain", "", Map.of()).then().statusCode(201);

        get("/v1/streams/" + stream + "/events/1")
                .then()
                .body("$", not(hasKey("data")))
                .body("$", not(hasKey("contentType")))
                .body("metadata.$cloudevent.datacontenttype", equalTo("text/plain"));
    }

    @Test
    void bodies_of_no_known_kind_are_refused() {
        Map<String, String> none = Map.of();
        byte[] body = bytes(event(freshId()));
        for (String type : List.of("text/plain", "application/xml", "application/jsonx")) {
            append(freshStream("order"), type, body, none)
                    .then()
                    .statusCode(415)
                    .body("type", equalTo("/problems/unsupported-media-type"));
        }
        append(freshStream("order"), "application/cloudevents+xml", body, headers(none))
                .then()
                .statusCode(415);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "ce-id          | %C0%A0 | ce-id: what is percent-encoded must be UTF-8",
                "ce-id          | 100%   | ce-id: % must be followed by two hexadecimal digits",
                "ce-id          | a%00   | ce-id must not contain control characters",
                "ce-specversion | 2.0    | ce-specversion must be 1.0",
                "ce-source      | ``     | ce-source must be a URI reference (RFC 3986)",
                "ce-more-less   | 1      | ce-more-less is no attribute: their names are of a to z"
                        + " and 0 to 9, and not data"
            })
    void headers_that_are_wrong_are_named(String header, String value, String detail) {
        binary(freshStream("order"), "application/json", "1", Map.of(header, value))
                .then()
                .statusCode(400)
                .body("type", equalTo("/problems/invalid-request"))
                .body("errors.detail", contains(detail));
    }

    @Test
    void a_plain_event_is_not_a_cloud_event_and_the_other_way_round() {
        append(freshStream("order"), event(freshId()))
                .then()
                .statusCode(400)
                .body("errors.pointer", contains("/specversion", "/id", "/source"));
        structured(freshStream("order"), "{\"type\":\"Happened\"}")
                .then()
                .statusCode(400)
                .body("errors.pointer", contains("/specversion", "/id", "/source"));
    }

    @Test
    void limits_are_those_of_every_append() {
        String stream = freshStream("order");
        byte[] large = new byte[(1 << 20) + 1];
        requireLimit("event-bytes", append(stream, "image/png", large, headers(Map.of())));
        requireLimit(
                "append-bytes",
                append(stream, "image/png", new byte[(8 << 20) + 1], headers(Map.of())));
        String text = "x".repeat(1 << 20);
        requireLimit(
                "event-bytes",
                structured(stream, event(freshId()).replace("1}", "\"" + text + "\"}")));
        requireLimit(
                "metadata-bytes",
                structured(
                        stream,
                        event(freshId()).replace("1}", "1,\"x\":\"" + "x".repeat(65536) + "\"}")));
        requireLimit("append-events", batch(stream, "[" + "{},".repeat(1000) + "{}]", Map.of()));
        get("/v1/streams/" + stream).then().statusCode(404);
    }

    private static void requireLimit(String limit, Response answer) {
        answer.then()
                .statusCode(413)
                .body("limit", equalTo(limit))
                .body("max", notNullValue())
                .body("actual", notNullValue());
    }

    private static Response structured(String stream, String json) {
        return append(stream, STRUCTURED, bytes(json), Map.of());
    }

    private static Response batch(String stream, String json, Map<String, String> headers) {
        return append(stream, BATCH, bytes(json), headers);
    }

    private static Response binary(
            String stream, String type, String body, Map<String, String> headers) {
        return append(stream, type, bytes(body), headers(headers));
    }

    /** The attributes that every event has, and others in their place or beside them. */
    private static Map<String, String> headers(Map<String, String> others) {
        Map<String, String> headers = new HashMap<>();
        headers.put("ce-specversion", "1.0");
        headers.put("ce-id", freshId());
        headers.put("ce-source", "/shop");
        headers.put("ce-type", "Happened");
        headers.putAll(others);
        return headers;
    }

    private static String event(String id) {
        return "{\"specversion\":\"1.0\",\"id\":\"%s\",\"source\":\"/shop\",\"type\":\"Happened\",\"data\":1}"
                .formatted(id);
    }

    private static String freshId() {
        return "id-" + UUID.randomUUID();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }
}
