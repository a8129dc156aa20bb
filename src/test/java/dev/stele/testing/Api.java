package dev.stele.testing;

import static io.restassured.RestAssured.given;

import io.restassured.config.EncoderConfig;
import io.restassured.config.RestAssuredConfig;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The HTTP API as tests use it: the one place that knows its paths. */
public final class Api {

    private static final RestAssuredConfig TYPES_AS_THEY_ARE =
            RestAssuredConfig.newConfig()
                    .encoderConfig(
                            EncoderConfig.encoderConfig()
                                    .appendDefaultContentCharsetToContentTypeIfUndefined(false));

    private Api() {}

    /** A stream id that no other test uses. */
    public static String freshStream(String category) {
        return category + "-" + UUID.randomUUID();
    }

    /** A request whose path and query are sent as they are written. */
    public static RequestSpecification request() {
        return given().urlEncodingEnabled(false);
    }

    public static Response append(String stream, String json) {
        return append(stream, json, Map.of());
    }

    public static Response append(String stream, String json, Map<String, String> headers) {
        return request()
                .contentType(ContentType.JSON)
                .headers(headers)
                .body(json)
                .post("/v1/streams/" + stream + "/events");
    }

    /** Appends a body of a type that is sent as it is written. */
    public static Response append(
            String stream, String contentType, byte[] body, Map<String, String> headers) {
        return request()
                .config(TYPES_AS_THEY_ARE)
                .contentType(contentType)
                .headers(headers)
                .body(body)
                .post("/v1/streams/" + stream + "/events");
    }

    /** Appends so many events of the type {@code Counted} with data 1, 2, 3 …, in one append. */
    public static Response appendCounted(String stream, int events) {
        StringBuilder json = new StringBuilder("[");
        for (int i = 1; i <= events; i++) {
            json.append(i == 1 ? "" : ",")
                    .append("{\"type\":\"Counted\",\"data\":")
                    .append(i)
                    .append('}');
        }
        return append(stream, json.append(']').toString());
    }

    public static Response get(String path) {
        return request().get(path);
    }

    /** A page as a batch of CloudEvents. */
    public static Response getCloudEvents(String path) {
        return request().accept("application/cloudevents-batch+json").get(path);
    }

    /** The members {@code name} of all events of a page. */
    public static <T> List<T> eventsOf(Response page, String name) {
        return page.then().statusCode(200).extract().path("events." + name);
    }
}
