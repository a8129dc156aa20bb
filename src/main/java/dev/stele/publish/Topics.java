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
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.errors.TopicExistsException;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** Makes topics. */
@ApplicationScoped
class Topics {

    private static final Logger LOG = Logger.getLogger(Topics.class);

    /** Closing ends the client's thread at once; a wait of zero would mean one without bound. */
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);

    private final Map<String, Object> broker;
    private final TopicConfig config;
    private final Map<String, Uni<Void>> underWay = new ConcurrentHashMap<>();

    /**
     * @param settings of the broker, as Quarkus gathers them for all channels
     * @param bootstrapServers the broker's address, as the channel has it
     */
    Topics(
            @Identifier("default-kafka-broker") Map<String, Object> settings,
            @ConfigProperty(name = "mp.messaging.outgoing.events.bootstrap.servers")
                    String bootstrapServers,
            TopicConfig config) {
        this.broker = new HashMap<>(settings);
        this.broker.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        this.config = config;
    }

    /** The full name of a topic. */
    String named(String name) {
        return config.prefix() + name;
    }

    /**
     * Makes the topic, unless it is there; fails when the broker does not answer. Whoever asks
     * while that is under way gets the same answer.
     */
    Uni<Void> ensure(String topic) {
        return Uni.createFrom()
                .deferred(() -> underWay.computeIfAbsent(topic, this::startToCreate));
    }

    private Uni<Void> startToCreate(String topic) {
        return Uni.createFrom()
                .item(() -> create(topic))
                .runSubscriptionOn(Infrastructure.getDefaultWorkerPool())
                .replaceWithVoid()
                .ifNoItem()
                .after(config.adminTimeout().plus(CLOSE_TIMEOUT).plus(CLOSE_TIMEOUT))
                .failWith(this::noAnswer)
                .onTermination()
                .invoke(() -> underWay.remove(topic))
                .memoize()
                .indefinitely();
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
            admin.close(CLOSE_TIMEOUT);
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
