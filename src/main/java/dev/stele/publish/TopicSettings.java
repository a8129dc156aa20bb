package dev.stele.publish;

import static org.apache.kafka.common.config.TopicConfig.CLEANUP_POLICY_COMPACT;
import static org.apache.kafka.common.config.TopicConfig.CLEANUP_POLICY_CONFIG;
import static org.apache.kafka.common.config.TopicConfig.CLEANUP_POLICY_DELETE;
import static org.apache.kafka.common.config.TopicConfig.MAX_MESSAGE_BYTES_CONFIG;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/**
 * Compares the topics that are there with those that the service makes. A broker may make one by
 * itself, e.g. when it was deleted while it was written to, and then with settings of its own.
 */
@ApplicationScoped
class TopicSettings {

    private final KafkaClients clients;
    private final TopicConfig config;
    private final Topics topics;

    TopicSettings(KafkaClients clients, TopicConfig config, Topics topics) {
        this.clients = clients;
        this.config = config;
        this.topics = topics;
    }

    /**
     * Those of these topics, and of that of checkpoints, which are there and differ. What may not
     * be read is left out.
     */
    Uni<List<TopicDifference>> differences(Collection<String> names) {
        return Blocking.on(
                Infrastructure.getDefaultWorkerPool(), () -> compare(new TreeSet<>(names)));
    }

    private List<TopicDifference> compare(Set<String> names) {
        names.add(topics.checkpoints());
        Map<String, KafkaFuture<TopicDescription>> described =
                clients.admin().describeTopics(names).topicNameValues();
        Map<ConfigResource, KafkaFuture<Config>> configured =
                clients.admin()
                        .describeConfigs(names.stream().map(this::resource).toList())
                        .values();
        List<TopicDifference> all = new ArrayList<>();
        for (String name : names) {
            TopicDescription there = answer(described.get(name));
            Config settings = answer(configured.get(resource(name)));
            if (there != null && settings != null) {
                List<String> found = compare(name, there.partitions().size(), settings);
                if (!found.isEmpty()) {
                    all.add(new TopicDifference(name, found));
                }
            }
        }
        return all;
    }

    private List<String> compare(String name, int partitions, Config settings) {
        boolean checkpoints = name.equals(topics.checkpoints());
        int wanted = checkpoints ? CheckpointTopic.PARTITIONS : config.partitions();
        String policy = checkpoints ? CLEANUP_POLICY_COMPACT : CLEANUP_POLICY_DELETE;
        String kept = settings.get(CLEANUP_POLICY_CONFIG).value();
        String bytes = settings.get(MAX_MESSAGE_BYTES_CONFIG).value();
        List<String> found = new ArrayList<>();
        if (partitions < wanted) {
            found.add(other("partitions", partitions, wanted));
        }
        if (!kept.equals(policy)) {
            found.add(other(CLEANUP_POLICY_CONFIG, kept, policy));
        }
        if (!checkpoints && Integer.parseInt(bytes) < config.maxMessageBytes()) {
            found.add(other(MAX_MESSAGE_BYTES_CONFIG, bytes, config.maxMessageBytes()));
        }
        return List.copyOf(found);
    }

    private static String other(String what, Object found, Object wanted) {
        return "%s: %s, not %s".formatted(what, found, wanted);
    }

    private ConfigResource resource(String topic) {
        return new ConfigResource(ConfigResource.Type.TOPIC, topic);
    }

    /** Null for what is not there, or may not be read. */
    private <T> @Nullable T answer(@Nullable KafkaFuture<T> asked) {
        try {
            return Objects.requireNonNull(asked)
                    .get(config.adminTimeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException
                    || e.getCause() instanceof AuthorizationException) {
                return null;
            }
            throw clients.failure(Objects.requireNonNullElse(e.getCause(), e));
        } catch (TimeoutException _) {
            throw clients.noAnswer();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while Kafka was asked", e);
        }
    }
}
