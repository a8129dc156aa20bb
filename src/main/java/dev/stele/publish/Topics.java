package dev.stele.publish;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.TopicExistsException;
import org.jboss.logging.Logger;

/** Names and makes topics. */
@ApplicationScoped
class Topics {

    private static final Logger LOG = Logger.getLogger(Topics.class);

    /** What the client may take beyond its own limit. */
    private static final Duration MARGIN = Duration.ofSeconds(1);

    private final KafkaClients clients;
    private final TopicConfig config;
    private final Map<String, Uni<Void>> underWay = new ConcurrentHashMap<>();

    Topics(KafkaClients clients, TopicConfig config) {
        this.clients = clients;
        this.config = config;
    }

    /** The full name of a topic. */
    String named(String name) {
        return config.prefix() + name;
    }

    /** The full name of the topic of checkpoints. */
    String checkpoints() {
        return named("checkpoints");
    }

    /**
     * Makes a topic for records, and the one of checkpoints, unless they are there; fails when the
     * broker does not answer. Whoever asks while that is under way gets the same answer.
     */
    Uni<Void> ensure(String topic) {
        return Uni.createFrom()
                .deferred(() -> underWay.computeIfAbsent(topic, this::startToCreate));
    }

    private Uni<Void> startToCreate(String topic) {
        return Uni.createFrom()
                .voidItem()
                .emitOn(Infrastructure.getDefaultWorkerPool())
                .invoke(() -> create(List.of(forRecords(topic), forCheckpoints())))
                .ifNoItem()
                .after(config.adminTimeout().plus(MARGIN))
                .failWith(clients::noAnswer)
                .onTermination()
                .invoke(() -> underWay.remove(topic))
                .memoize()
                .indefinitely();
    }

    private NewTopic forRecords(String topic) {
        return new NewTopic(topic, Optional.of(config.partitions()), config.replicationFactor())
                .configs(Map.of("max.message.bytes", Integer.toString(config.maxMessageBytes())));
    }

    private NewTopic forCheckpoints() {
        return new NewTopic(
                        checkpoints(),
                        Optional.of(CheckpointTopic.PARTITIONS),
                        config.replicationFactor())
                .configs(CheckpointTopic.SETTINGS);
    }

    private void create(List<NewTopic> wanted) {
        Map<String, KafkaFuture<Void>> made = clients.admin().createTopics(wanted).values();
        for (NewTopic topic : wanted) {
            await(topic, Objects.requireNonNull(made.get(topic.name())));
        }
    }

    private void await(NewTopic topic, KafkaFuture<Void> made) {
        try {
            made.get(config.adminTimeout().toMillis(), TimeUnit.MILLISECONDS);
            LOG.infof("made the topic %s", topic.name());
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw clients.failure(Objects.requireNonNullElse(e.getCause(), e));
            }
        } catch (TimeoutException _) {
            throw clients.noAnswer();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a topic was made", e);
        }
    }
}
