package dev.stele.publish;

import static dev.stele.testing.Api.append;
import static dev.stele.testing.Api.get;
import static dev.stele.testing.Api.request;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stele.testing.EventsTopic;
import dev.stele.testing.TestServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Topics that others make and delete under the service. */
@QuarkusTest
@QuarkusTestResource(TestServers.class)
@TestProfile(ManyPublicationsTest.FewProducers.class)
class TopicsOfOthersTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final String name = "topics-" + UUID.randomUUID();
    private final String topic = name + ".topic";
    private final String category = "topics" + UUID.randomUUID().toString().replace("-", "");
    private Admin admin;

    @BeforeEach
    void connect() {
        admin =
                Admin.create(
                        Map.of(
                                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                                TestServers.kafka().bootstrapServers()));
    }

    @AfterEach
    void delete() {
        request().delete("/v1/publications/" + name);
        admin.close();
    }

    @Test
    void what_differs_from_a_topic_of_the_service_is_told_with_a_hint() throws Exception {
        NewTopic foreign = new NewTopic(topic, Optional.of(1), Optional.empty());
        admin.createTopics(List.of(foreign)).all().get(PATIENCE.toSeconds(), SECONDS);
        put();

        String problem =
                "problems.find { it.what == 'topic %s is not as the service makes it' }"
                        .formatted(topic);
        await().atMost(PATIENCE)
                .untilAsserted(
                        () ->
                                get("/v1/status")
                                        .then()
                                        .body(
                                                problem + ".because",
                                                containsString("partitions: 1, not 8"))
                                        .body(
                                                problem + ".hint",
                                                containsString("auto.create.topics.enable")));
    }

    @Test
    void a_topic_that_is_deleted_while_it_is_written_to_is_made_again() throws Exception {
        put();
        count(1);
        assertEquals(List.of("1"), published(1));

        admin.deleteTopics(List.of(topic)).all().get(PATIENCE.toSeconds(), SECONDS);
        count(2);
        assertEquals(List.of("2"), published(1));
        TopicDescription made =
                admin.describeTopics(List.of(topic))
                        .allTopicNames()
                        .get(PATIENCE.toSeconds(), SECONDS)
                        .get(topic);
        assertEquals(8, Objects.requireNonNull(made).partitions().size());
    }

    private void put() {
        request()
                .contentType("application/json")
                .body(
                        "{\"source\": {\"categories\": [\"%s\"]}, \"topic\": \"%s\"}"
                                .formatted(category, topic))
                .put("/v1/publications/" + name)
                .then()
                .statusCode(201);
    }

    private void count(int number) {
        append(category + "-1", "{\"type\": \"Counted\", \"data\": %d}".formatted(number))
                .then()
                .statusCode(201);
    }

    private List<String> published(int count) {
        return EventsTopic.recordsIn(topic, count).stream().map(EventsTopic::text).toList();
    }
}
