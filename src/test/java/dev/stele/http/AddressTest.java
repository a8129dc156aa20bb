package dev.stele.http;

import static dev.stele.testing.Api.append;
import static dev.stele.testing.Api.get;
import static dev.stele.testing.Api.request;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasItem;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stele.json.JsonWriter;
import dev.stele.testing.TestServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever has a name that was accepted is found at its address. */
@QuarkusTest
@QuarkusTestResource(TestServers.class)
class AddressTest {

    /** What servers, proxies and clients are known to take for something else. */
    private static final List<String> PIECES =
            List.of(
                    ".", "..", "%2e", "%2F", "%", "%00", ";", "\\", "?", "#", "&", "=", "+", " ",
                    ":", "@", "~", "*", "'", "\"", "<", "{", "|", "^", "`", "a", "é", "日", "😀",
                    "\u200b", "\ufeff", "\u202e", "\u0301", "\uffff", "$", "!", "(", ",");

    private static final long SEED = Long.getLong("seed", new Random().nextLong());

    private final Random random = new Random(SEED);

    @BeforeAll
    static void tell_the_seed() {
        System.err.println("seed " + SEED);
    }

    /** The names that the pieces make, two or three at a time, each with something of its own. */
    private Set<String> names(int count, String own) {
        Set<String> names = new LinkedHashSet<>();
        PIECES.forEach(piece -> names.add(piece + own));
        PIECES.forEach(piece -> names.add(own + piece));
        while (names.size() < count) {
            StringBuilder name = new StringBuilder();
            for (int i = random.nextInt(3); i >= 0; i--) {
                name.append(PIECES.get(random.nextInt(PIECES.size())));
            }
            names.add(name.insert(random.nextInt(2) * name.length(), own).toString());
        }
        return names;
    }

    @Test
    void every_stream_has_an_address() {
        for (String stream : names(200, "-" + UUID.randomUUID())) {
            appendTo(stream).then().statusCode(201);

            Response page = get("/v1/streams/%s/events".formatted(encoded(stream)));

            assertEquals(200, page.statusCode(), stream);
            assertEquals(List.of(stream), page.jsonPath().getList("events.stream"), stream);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {".", ".."})
    void a_stream_that_could_not_have_one_is_refused(String stream) {
        appendTo(stream)
                .then()
                .statusCode(400)
                .body("errors.pointer", hasItem("/appends/0/stream"))
                .body("errors[0].detail", containsString("no address"));
    }

    @Test
    void every_entry_has_an_address() {
        String category = "keys" + UUID.randomUUID().toString().replace("-", "");
        String view = putView(category, ".data[]");
        Set<String> keys = names(300, "");
        keys.addAll(List.of("/", "a/b", "../a", "a/..", "/../", "\n", "a\tb", "\u007f", "\u0085"));
        keys.removeAll(List.of(".", ".."));
        String data =
                new String(
                        JsonWriter.write(
                                json -> {
                                    json.writeStartArray();
                                    for (String key : keys) {
                                        json.writeString(key);
                                    }
                                    json.writeEndArray();
                                }),
                        StandardCharsets.UTF_8);
        append(category, "{\"type\":\"A\",\"data\":%s}".formatted(data)).then().statusCode(201);

        for (String key : keys) {
            Response entry =
                    get("/v1/views/%s/entries/%s?consistency=strong".formatted(view, encoded(key)));

            assertEquals(200, entry.statusCode(), () -> key + ": " + entry.asString());
            assertEquals(key, entry.jsonPath().getString("key"));
        }
        request().delete("/v1/views/" + view);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", ".."})
    void a_key_that_could_not_have_one_is_refused(String key) {
        String category = "keys" + UUID.randomUUID().toString().replace("-", "");
        String view = putView(category, ".data");
        append(category, "{\"type\":\"A\",\"data\":\"%s\"}".formatted(key)).then().statusCode(201);

        get("/v1/views/%s/entries?consistency=strong".formatted(view))
                .then()
                .statusCode(200)
                .body("entries", empty());
        // There is no such key: the stream stands for it.
        get("/v1/views/%s/parked/%s".formatted(view, category))
                .then()
                .statusCode(200)
                .body("error", containsString("no address"));
        request().delete("/v1/views/" + view);
    }

    private static Response appendTo(String stream) {
        String name =
                new String(
                        JsonWriter.write(json -> json.writeString(stream)), StandardCharsets.UTF_8);
        return request()
                .contentType(ContentType.JSON)
                .body(
                        "{\"appends\":[{\"stream\":%s,\"events\":[{\"type\":\"A\"}]}]}"
                                .formatted(name))
                .post("/v1/append");
    }

    private static String putView(String category, String key) {
        String view = "v-" + UUID.randomUUID();
        request()
                .contentType(ContentType.JSON)
                .body(
                        "{\"source\":{\"categories\":[\"%s\"]},\"key\":\"%s\",\"on\":{\"*\":\"1\"}}"
                                .formatted(category, key))
                .put("/v1/views/" + view)
                .then()
                .statusCode(201);
        return view;
    }

    private static String encoded(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
