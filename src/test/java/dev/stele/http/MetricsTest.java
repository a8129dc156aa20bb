package dev.stele.http;

import static dev.stele.testing.Api.append;
import static dev.stele.testing.Api.freshStream;
import static dev.stele.testing.Api.get;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stele.testing.TestServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(TestServers.class)
class MetricsTest {

    @Test
    void an_append_is_counted_with_how_long_it_waited() {
        double before = metric("stele_append_wait_seconds_count");

        append(freshStream("metrics"), "{\"type\":\"Happened\"}").then().statusCode(201);

        assertEquals(before + 1, metric("stele_append_wait_seconds_count"));
        assertTrue(metric("stele_append_commit_seconds_count") > 0);
        assertTrue(metric("stele_append_batch_count") > 0);
        assertEquals(0, metric("stele_append_queue"));
        assertEquals(0, metric("stele_append_queue_size_bytes"));
    }

    /** A metric without labels; 0 when nothing was counted yet. */
    private static double metric(String name) {
        String all = get("/q/metrics").then().statusCode(200).extract().asString();
        return Pattern.compile("(?m)^" + name + " (\\S+)$")
                .matcher(all)
                .results()
                .mapToDouble(found -> Double.parseDouble(found.group(1)))
                .sum();
    }
}
