package dev.stele.publish;

import static dev.stele.testing.Api.get;
import static dev.stele.testing.Api.request;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stele.testing.Api;
import dev.stele.testing.EventsTopic;
import dev.stele.testing.HeldSubscription;
import dev.stele.testing.TestServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** More publications than may write at once, whose producers are let go of soon. */
@QuarkusTest
@QuarkusTestResource(TestServers.class)
@TestProfile(ManyPublicationsTest.FewProducers.class)
class ManyPublicationsTest {

    private static final int PRODUCERS = 2;

    /** Beside the built-in one. */
    private static final int PUBLICATIONS = 6;

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** So that each writer gives way, and rests. */
    public static final class FewProducers implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "stele.publication.producers", Integer.toString(PRODUCERS),
                    "stele.publication.producer-turn", "50ms",
                    "stele.publication.idle-timeout", "500ms");
        }
    }

    private final String prefix = "many-" + UUID.randomUUID();
    private final String category = "many" + UUID.randomUUID().toString().replace("-", "");
    private final String stream = category + "-1";
    private int appended;

    @BeforeEach
    void put() {
        for (int n = 0; n < PUBLICATIONS; n++) {
            request()
                    .contentType("application/json")
                    .body(
                            "{\"source\": {\"categories\": [\"%s\"]}, \"topic\": \"%s\"}"
                                    .formatted(category, topic(n)))
                    .put("/v1/publications/" + name(n))
                    .then()
                    .statusCode(201);
        }
    }

    @AfterEach
    void delete() {
        IntStream.range(0, PUBLICATIONS)
                .forEach(n -> request().delete("/v1/publications/" + name(n)));
    }

    @Test
    void each_event_is_in_each_topic_once_and_in_order_though_the_writers_take_turns() {
        for (int round = 0; round < 20; round++) {
            append(5);
            assertTrue(producers() <= PRODUCERS, "producers: " + producers());
        }
        requireAllPublished();
    }

    @Test
    void what_rests_holds_neither_producer_nor_thread_and_writes_again_when_something_comes() {
        append(3);
        requireAllPublished();
        await().atMost(PATIENCE).until(() -> producers() == 0);

        append(2);
        requireAllPublished();
    }

    @Test
    void a_lag_that_does_not_exist_is_not_told_after_its_owner_died_before_it_was_saved() {
        append(1);
        requireAllPublished();
        long before = position(0);
        try (HeldSubscription held = HeldSubscription.hold("publication/" + name(0))) {
            append(2);
            requirePublished(0);
            assertEquals(before, position(0));
            held.takeLease();
        }
        await().atMost(PATIENCE).until(() -> position(0) >= before + 2);
    }

    private void append(int count) {
        for (int i = 0; i < count; i++) {
            Api.append(stream, "{\"type\": \"Counted\", \"data\": %d}".formatted(++appended))
                    .then()
                    .statusCode(201);
        }
    }

    private void requireAllPublished() {
        IntStream.range(0, PUBLICATIONS).forEach(this::requirePublished);
    }

    /** What comes twice fails the reading. */
    private void requirePublished(int n) {
        List<String> wanted =
                IntStream.rangeClosed(1, appended).mapToObj(Integer::toString).toList();
        assertEquals(
                wanted,
                EventsTopic.recordsIn(topic(n), appended).stream().map(EventsTopic::text).toList());
    }

    private long position(int n) {
        return get("/v1/publications/" + name(n)).jsonPath().getLong("position");
    }

    private String name(int n) {
        return prefix + "-" + n;
    }

    private String topic(int n) {
        return prefix + ".topic-" + n;
    }

    /** Each has a thread of Kafka's client. */
    private static long producers() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(each -> each.getName().startsWith("kafka-producer-network-thread"))
                .count();
    }
}
