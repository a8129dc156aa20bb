package dev.stele.publish;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.stele.testing.TestServers;
import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Topics that are deleted, and topics that somebody else made. */
class TopicsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final String prefix = UUID.randomUUID() + ".";
    private final String topic = prefix + "events";
    private final SmallRyeConfig settings =
            new SmallRyeConfigBuilder()
                    .withConverter(Duration.class, 1, new DurationConverter())
                    .withMapping(PublicationConfig.class)
                    .withMapping(TopicConfig.class)
                    .withDefaultValues(
                            Map.of(
                                    "stele.topic.prefix",
                                    prefix,
                                    "stele.topic.missing-after",
                                    "10ms"))
                    .build();
    private final TopicConfig config = settings.getConfigMapping(TopicConfig.class);
    private final KafkaClients clients =
            new KafkaClients(
                    Map.of(),
                    TestServers.kafka().bootstrapServers(),
                    settings.getConfigMapping(PublicationConfig.class),
                    config);
    private final Topics topics = new Topics(clients, config);
    private final TopicSettings compared = new TopicSettings(clients, config, topics);

    @AfterEach
    void close() {
        clients.close();
    }

    @Test
    void what_is_written_to_a_topic_that_was_deleted_fails_for_that_reason() throws Exception {
        done(topics.ensure(topic));
        assertEquals("done", done(topics.unlessMissing(topic, Uni.createFrom().item("done"))));

        delete(topic);
        assertEquals("the topic %s does not exist".formatted(topic), whyNotWritten());
        done(topics.ensure(topic));
        delete(topics.checkpoints());
        assertEquals(
                "the topic %s does not exist".formatted(topics.checkpoints()), whyNotWritten());
    }

    @Test
    void topics_as_the_service_makes_them_do_not_differ() {
        done(topics.ensure(topic));

        assertEquals(List.of(), differences());
    }

    @Test
    void what_somebody_else_made_otherwise_is_told() throws Exception {
        make(topic, 1, Map.of("cleanup.policy", "compact", "max.message.bytes", "1000000"));
        make(topics.checkpoints(), 1, Map.of());

        assertEquals(
                List.of(
                        new TopicDifference(
                                topics.checkpoints(),
                                List.of(
                                        "partitions: 1, not 16",
                                        "cleanup.policy: delete, not compact")),
                        new TopicDifference(
                                topic,
                                List.of(
                                        "partitions: 1, not 8",
                                        "cleanup.policy: compact, not delete",
                                        "max.message.bytes: 1000000, not 2097152"))),
                differences());
    }

    private String whyNotWritten() {
        Uni<String> never = Uni.createFrom().nothing();
        return String.valueOf(
                assertThrows(
                                IllegalStateException.class,
                                () -> done(topics.unlessMissing(topic, never)))
                        .getMessage());
    }

    /** One that is not there is not told: whoever needs it makes it. */
    private List<TopicDifference> differences() {
        return done(compared.differences(List.of(topic, prefix + "not-there")));
    }

    /** It is there, for whoever asks: brokers hear of a new topic a moment after it is made. */
    private void make(String name, int partitions, Map<String, String> how) throws Exception {
        NewTopic made = new NewTopic(name, Optional.of(partitions), Optional.empty()).configs(how);
        clients.admin().createTopics(List.of(made)).all().get(60, SECONDS);
        ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, name);
        await().atMost(PATIENCE)
                .ignoreExceptionsMatching(ExecutionException.class::isInstance)
                .until(
                        () -> {
                            clients.admin().describeTopics(List.of(name)).allTopicNames().get();
                            clients.admin().describeConfigs(List.of(topic)).all().get();
                            return true;
                        });
    }

    private void delete(String name) throws Exception {
        clients.admin().deleteTopics(List.of(name)).all().get(60, SECONDS);
    }

    private static <T> T done(Uni<T> uni) {
        return uni.await().atMost(PATIENCE);
    }
}
