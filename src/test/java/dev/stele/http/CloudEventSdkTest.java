package dev.stele.http;

import static dev.stele.testing.Api.append;
import static dev.stele.testing.Api.freshStream;
import static dev.stele.testing.Api.getCloudEvents;
import static java.util.Objects.requireNonNull;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stele.event.Payload;
import dev.stele.testing.TestServers;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.core.message.MessageWriter;
import io.cloudevents.http.HttpMessageFactory;
import io.cloudevents.jackson.JsonFormat;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

/**
 * What the CloudEvents SDK for Java sends is understood, and it understands what comes back. (In
 * headers the SDK does not percent-encode what is not ASCII, of numbers it keeps no digits, and
 * JSON of a type with dots, such as application/vnd.order+json, it does not take for JSON.)
 */
@QuarkusTest
@QuarkusTestResource(TestServers.class)
class CloudEventSdkTest {

    private static final ObjectMapper JSON =
            new ObjectMapper().registerModule(JsonFormat.getCloudEventJacksonModule());

    private static final OffsetDateTime TIME = OffsetDateTime.parse("2026-11-23T06:00:00.123456Z");

    /** A request as the SDK makes it. */
    private record Message(Map<String, String> headers, Payload body) {

        static Message of(BiConsumer<MessageWriter<?, ?>, CloudEvent> mode, CloudEvent event) {
            Map<String, String> headers = new HashMap<>();
            List<byte[]> bodies = new ArrayList<>();
            mode.accept(HttpMessageFactory.createWriter(headers::put, bodies::add), event);
            byte[] body = bodies.getFirst();
            return new Message(headers, Payload.of(body == null ? new byte[0] : body));
        }

        Response appendTo(String stream, Map<String, String> more) {
            Map<String, String> all = new HashMap<>(headers);
            String type = all.remove("Content-Type");
            all.putAll(more);
            return append(stream, type == null ? "application/json" : type, body.bytes(), all);
        }
    }

    private static List<CloudEvent> events() {
        return List.of(
                event("application/json", "{\"total\":1.5,\"lines\":[\"é\"]}"),
                event("application/order+json; charset=utf-8", "{\"total\":2}"),
                event("application/xml", "<order>é</order>"),
                event("text/plain; charset=utf-8", "Ring twice"),
                builder().withData("image/png", new byte[] {(byte) 0xFF, 0, 1}).build(),
                builder().withId(UUID.randomUUID().toString()).build());
    }

    private static CloudEvent event(String type, String data) {
        return builder().withData(type, data.getBytes(StandardCharsets.UTF_8)).build();
    }

    private static CloudEventBuilder builder() {
        return CloudEventBuilder.v1()
                .withId("id-" + UUID.randomUUID())
                .withSource(URI.create("/sdk"))
                .withType("Emitted")
                .withSubject("order 7")
                .withTime(TIME)
                .withDataSchema(URI.create("urn:schema:1"))
                .withExtension("region", "north")
                .withExtension("sequence", "1");
    }

    /**
     * As a broker delivers: it prefers no body, and writes some attributes anew when it repeats.
     */
    @Test
    void events_in_binary_mode_come_back_and_repeats_of_a_broker_are_known() throws IOException {
        comeBack((writer, event) -> writer.writeBinary(event));
    }

    @Test
    void structured_events_come_back_and_repeats_of_a_broker_are_known() throws IOException {
        comeBack((writer, event) -> writer.writeStructured(event, new JsonFormat()));
    }

    private static void comeBack(BiConsumer<MessageWriter<?, ?>, CloudEvent> mode)
            throws IOException {
        String stream = freshStream("sdk");
        List<CloudEvent> sent = events();
        for (CloudEvent event : sent) {
            CloudEvent again =
                    CloudEventBuilder.v1(event)
                            .withExtension("sequence", "2")
                            .withExtension("knativearrivaltime", "2026-11-23T06:00:01Z")
                            .build();
            Message.of(mode, event).appendTo(stream, Map.of()).then().statusCode(201);
            Message.of(mode, again)
                    .appendTo(stream, Map.of())
                    .then()
                    .statusCode(200)
                    .body("duplicate", is(true));
            Response answer = Message.of(mode, again).appendTo(stream, Map.of("Prefer", "reply"));
            answer.then().statusCode(200).header("Preference-Applied", "reply");
            assertEquals(0, answer.asByteArray().length);
        }

        requireSame(sent, stream);
    }

    @Test
    void a_batch_comes_back() throws IOException {
        String stream = freshStream("sdk");
        List<CloudEvent> sent = events();
        append(stream, "application/cloudevents-batch+json", JSON.writeValueAsBytes(sent), Map.of())
                .then()
                .statusCode(201);

        requireSame(sent, stream);
    }

    private static void requireSame(List<CloudEvent> sent, String stream) throws IOException {
        byte[] page = getCloudEvents("/v1/streams/" + stream + "/events").asByteArray();
        List<CloudEvent> read = List.of(JSON.readValue(page, CloudEvent[].class));
        assertEquals(sent.size(), read.size());
        for (int i = 0; i < sent.size(); i++) {
            CloudEvent one = sent.get(i);
            CloudEvent back = read.get(i);
            for (String name : List.of("id", "source", "type", "subject", "time", "dataschema")) {
                assertEquals(one.getAttribute(name), back.getAttribute(name), name);
            }
            assertEquals("north", back.getExtension("region"));
            assertEquals("1", back.getExtension("sequence"));
            assertEquals(Integer.toString(i + 1), back.getExtension("streamversion"));
            if (one.getData() == null) {
                assertNull(back.getData());
            } else {
                assertEquals(one.getDataContentType(), back.getDataContentType());
                assertArrayEquals(
                        one.getData().toBytes(), requireNonNull(back.getData()).toBytes());
            }
        }
    }
}
