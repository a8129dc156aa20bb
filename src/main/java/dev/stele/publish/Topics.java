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
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Names and makes topics. */
@ApplicationScoped
class Topics {

    private static final Logger LOG = Logger.getLogger(Topics.class);

    /** What the client may take beyond its own limit. */
    private static final Duration MARGIN = Duration.ofSeconds(1);

    private static final String MAX_MESSAGE_BYTES = "max.message.bytes";

    private final KafkaClients clients;
    private final TopicConfig config;
    private final Map<String, Uni<Integer>> underWay = new ConcurrentHashMap<>();

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
     *
     * @return the most bytes that a record of the topic may have
     */
    Uni<Integer> ensure(String topic) {
        return Uni.createFrom()
                .deferred(() -> underWay.computeIfAbsent(topic, this::startToCreate));
    }

    /**
     * Something that is written to a topic; fails when there is no such topic, or none of
     * checkpoints. Kafka's client does not say so: it hopes for a topic to appear until its time is
     * over, and then knows only that there was no answer.
     */
    <T> Uni<T> unlessMissing(String topic, Uni<T> writing) {
        return Uni.combine().any().of(writing, missing(topic));
    }

    /** Fails as soon as one is missing; asks as long as somebody wants to know. */
    private <T> Uni<T> missing(String topic) {
        return Uni.createFrom()
                .voidItem()
                .onItem()
                .delayIt()
                .by(config.missingAfter())
                .chain(
                        () ->
                                Blocking.on(
                                        Infrastructure.getDefaultWorkerPool(),
                                        () -> requireThere(List.of(topic, checkpoints()))))
                .chain(() -> missing(topic));
    }

    private @Nullable Void requireThere(List<String> names) {
        var described = clients.admin().describeTopics(names).topicNameValues();
        for (String name : names) {
            try {
                var _ = answer(Objects.requireNonNull(described.get(name)));
            } catch (ExecutionException e) {
                if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                    throw new IllegalStateException(
                            "the topic %s does not exist".formatted(name), e);
                }
                // What else is wrong, the writer finds out.
            } catch (IllegalStateException _) {
                return null;
            }
        }
        return null;
    }

    private Uni<Integer> startToCreate(String topic) {
        return Blocking.on(
                        Infrastructure.getDefaultWorkerPool(),
                        () -> {
                            create(List.of(forRecords(topic), forCheckpoints()));
                            return maxRecordBytes(topic);
                        })
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
                .configs(Map.of(MAX_MESSAGE_BYTES, Integer.toString(config.maxMessageBytes())));
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
            answer(made);
            LOG.infof("made the topic %s", topic.name());
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw failure(e);
            }
        }
    }

    /** What the broker takes for the topic, and the producer sends. */
    private int maxRecordBytes(String topic) {
        int sent = clients.maxRequestBytes();
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        try {
            Config settings =
                    answer(
                            Objects.requireNonNull(
                                    clients.admin()
                                            .describeConfigs(List.of(resource))
                                            .values()
                                            .get(resource)));
            return Math.min(sent, Integer.parseInt(settings.get(MAX_MESSAGE_BYTES).value()));
        } catch (ExecutionException e) {
            // Who may write to a topic need not be allowed to read its settings.
            if (e.getCause() instanceof AuthorizationException) {
                return Math.min(sent, config.maxMessageBytes());
            }
            throw failure(e);
        }
    }

    private <T> T answer(KafkaFuture<T> asked) throws ExecutionException {
        try {
            return asked.get(config.adminTimeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException _) {
            throw clients.noAnswer();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while Kafka was asked", e);
        }
    }

    private IllegalStateException failure(ExecutionException e) {
        return clients.failure(Objects.requireNonNullElse(e.getCause(), e));
    }
}
