package dev.stele.publish;

import io.smallrye.common.annotation.Identifier;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.errors.TopicExistsException;
import org.jboss.logging.Logger;

/** Makes topics. */
@ApplicationScoped
class Topics {

    private static final Logger LOG = Logger.getLogger(Topics.class);

    private final Map<String, Object> broker;
    private final TopicConfig config;

    Topics(@Identifier("default-kafka-broker") Map<String, Object> broker, TopicConfig config) {
        this.broker = broker;
        this.config = config;
    }

    /** The full name of a topic. */
    String named(String name) {
        return config.prefix() + name;
    }

    /** Makes the topic, unless it is there; fails when the broker does not answer. */
    Uni<Void> ensure(String topic) {
        return Uni.createFrom()
                .item(() -> create(topic))
                .runSubscriptionOn(Infrastructure.getDefaultWorkerPool())
                .replaceWithVoid();
    }

    private String create(String topic) {
        Map<String, Object> settings = new HashMap<>(broker);
        settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, millis());
        settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, millis());
        NewTopic wanted =
                new NewTopic(topic, Optional.of(config.partitions()), config.replicationFactor())
                        .configs(
                                Map.of(
                                        "max.message.bytes",
                                        Integer.toString(config.maxMessageBytes())));
        // The client's own close would wait without bound for a broker that is away.
        Admin admin = Admin.create(settings);
        try {
            admin.createTopics(List.of(wanted)).all().get(millis(), TimeUnit.MILLISECONDS);
            LOG.infof("made the topic %s with %d partitions", topic, config.partitions());
        } catch (ExecutionException e) {
            Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
            if (cause instanceof org.apache.kafka.common.errors.TimeoutException) {
                throw noAnswer();
            }
            if (!(cause instanceof TopicExistsException)) {
                throw new IllegalStateException("Kafka refuses the topic " + topic, cause);
            }
        } catch (TimeoutException _) {
            throw noAnswer();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a topic was made", e);
        } finally {
            admin.close(Duration.ZERO);
        }
        return topic;
    }

    /** The causes are left out: they differ from one attempt to the next, and say no more. */
    private IllegalStateException noAnswer() {
        return new IllegalStateException(
                "Kafka does not answer at "
                        + broker.get(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG));
    }

    private int millis() {
        return Math.toIntExact(config.adminTimeout().toMillis());
    }
}
