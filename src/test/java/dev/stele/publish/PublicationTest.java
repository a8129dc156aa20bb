package dev.stele.publish;

import static dev.stele.testing.Api.append;
import static dev.stele.testing.Api.appendCounted;
import static dev.stele.testing.Api.freshStream;
import static dev.stele.testing.Api.get;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.stele.testing.EventsTopic;
import dev.stele.testing.TestServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(TestServers.class)
class PublicationTest {

    private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    @Test
    void a_committed_event_becomes_a_cloud_event_in_binary_mode() {
        String stream = freshStream("published");
        String cause = append(stream, "{\"type\":\"First\"}").jsonPath().getString("ids[0]");
        Response answer =
                append(
                        stream,
                        """
                        {"type": "Second", "schemaVersion": 2, "occurredAt": "2026-11-23T06:00:00Z", "data": {"b": 1.10, "a": "é"},
                         "metadata": {"correlationId": "c-1", "causationId": "%s", "actor": "ann"}}
                        """
                                .formatted(cause),
                        Map.of("traceparent", TRACE));

        ConsumerRecord<String, byte[]> published = EventsTopic.recordsOf(stream, 2).getLast();

        assertEquals("{\"b\":1.10,\"a\":\"é\"}", EventsTopic.text(published));
        Map<String, String> headers = EventsTopic.headers(published);
        assertEquals("1.0", headers.get("ce_specversion"));
        assertEquals(answer.jsonPath().getString("ids[0]"), headers.get("ce_id"));
        assertEquals(
                "urn:stele:" + get("/v1/log").jsonPath().getString("id"), headers.get("ce_source"));
        assertEquals("Second", headers.get("ce_type"));
        assertEquals(stream, headers.get("ce_subject"));
        assertEquals(stream, headers.get("ce_partitionkey"));
        assertEquals("2026-11-23T06:00:00Z", headers.get("ce_time"));
        assertEquals(answer.header("Stele-Position"), headers.get("ce_position"));
        assertEquals("2", headers.get("ce_streamversion"));
        assertEquals("2", headers.get("ce_schemaversion"));
        assertEquals("c-1", headers.get("ce_correlationid"));
        assertEquals(cause, headers.get("ce_causationid"));
        assertEquals("application/json", headers.get("content-type"));
        assertEquals(TRACE, headers.get("traceparent"));
        assertEquals(
                get("/v1/streams/" + stream + "/events/2").jsonPath().getString("recordedAt"),
                headers.get("ce_recordedat"));
    }

    @Test
    void an_event_without_data_has_an_empty_value_and_no_content_type() {
        String stream = freshStream("published");
        append(stream, "{\"type\":\"Empty\"}");

        ConsumerRecord<String, byte[]> published = EventsTopic.recordsOf(stream, 1).getFirst();

        assertEquals(0, published.value().length);
        assertNull(EventsTopic.headers(published).get("content-type"));
        assertNull(EventsTopic.headers(published).get("ce_correlationid"));
    }

    @Test
    void a_cloud_event_goes_out_as_it_came_in() {
        String stream = freshStream("published");
        append(
                stream,
                "application/cloudevents+json",
                """
                {"specversion": "1.0", "id": "ID-1", "source": "/%s", "type": "Paid", "subject": "käse", "dataschema": "urn:s",
                 "datacontenttype": "image/png", "data_base64": "/wA=", "urgent": true, "priority": 3, "position": "7"}
                """
                        .formatted(stream)
                        .getBytes(StandardCharsets.UTF_8),
                Map.of("traceparent", TRACE));

        ConsumerRecord<String, byte[]> published = EventsTopic.recordsOf(stream, 1).getFirst();

        assertArrayEquals(new byte[] {(byte) 0xff, 0}, published.value());
        assertEquals(stream, published.key());
        Map<String, String> headers = EventsTopic.headers(published);
        assertEquals("ID-1", headers.get("ce_id"));
        assertEquals("/" + stream, headers.get("ce_source"));
        assertEquals("käse", headers.get("ce_subject"));
        assertEquals("urn:s", headers.get("ce_dataschema"));
        assertEquals("image/png", headers.get("content-type"));
        assertEquals("true", headers.get("ce_urgent"));
        assertEquals("3", headers.get("ce_priority"));
        assertEquals(stream, headers.get("ce_partitionkey"));
        assertEquals("1", headers.get("ce_streamversion"));
        assertNotEquals("7", headers.get("ce_position"));
        assertEquals(TRACE, headers.get("traceparent"));
        assertNull(headers.get("ce_datacontenttype"));
    }

    @Test
    void the_events_of_a_stream_are_published_in_order() {
        String stream = freshStream("published");
        for (int i = 0; i < 20; i++) {
            appendCounted(stream, 50);
        }

        List<String> versions =
                EventsTopic.recordsOf(stream, 1000).stream()
                        .map(published -> EventsTopic.headers(published).get("ce_streamversion"))
                        .toList();

        assertEquals(IntStream.rangeClosed(1, 1000).mapToObj(Integer::toString).toList(), versions);
    }

    @Test
    void an_event_of_the_largest_size_is_published() {
        String stream = freshStream("published");
        String data = "\"" + "x".repeat(1_048_000) + "\"";
        append(stream, "{\"type\":\"Large\",\"data\":" + data + "}").then().statusCode(201);

        assertEquals(data, EventsTopic.text(EventsTopic.recordsOf(stream, 1).getFirst()));
    }
}
