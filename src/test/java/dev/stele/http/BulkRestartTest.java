package dev.stele.http;

import static dev.stele.testing.Api.freshStream;
import static dev.stele.testing.Api.get;
import static org.hamcrest.Matchers.is;

import dev.stele.testing.TestServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(TestServers.class)
class BulkRestartTest {

    @Test
    void a_load_waits_for_a_database_that_is_started_again() throws IOException {
        String stream = freshStream("bulk");
        byte[] part = "{\"type\":\"Counted\"}\n".repeat(1_000).getBytes(StandardCharsets.US_ASCII);
        try (Wire wire = Wire.to(RestAssured.port)) {
            wire.send(
                    """
                    POST /v1/streams/%s/events HTTP/1.1
                    Host: localhost
                    Content-Type: application/x-ndjson
                    Content-Length: %d

                    """
                            .formatted(stream, 2 * part.length)
                            .replace("\n", "\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            wire.send(part);
            wire.await("\"version\":1000,");
            try {
                TestServers.postgres().stopFast();
                wire.send(part);
            } finally {
                TestServers.postgres().startAgain();
            }

            wire.await("{\"end\":{\"events\":2000,");
        }
        get("/v1/streams/" + stream).then().body("version", is(2_000));
    }
}
