package dev.stele.publish;

import io.smallrye.common.annotation.Identifier;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * Makes the clients of the broker. Whatever is configured as {@code kafka.*} holds for all of them,
 * but for what the guarantees of a publication rest on.
 */
@ApplicationScoped
class KafkaClients {

    /** A partition's records go together until they fill this. */
    private static final int BATCH_BYTES = 256 * 1024;

    /** Closing ends the client's thread at once; a wait of zero would mean one without bound. */
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);

    /** Longer than a batch takes to be handed over: whoever hands it over says when to send. */
    private static final Duration LINGER = Duration.ofSeconds(1);

    private final Map<String, Object> settings;
    private final String bootstrapServers;
    private final PublicationConfig config;
    private final TopicConfig topics;
    private @Nullable Admin admin;

    KafkaClients(
            @Identifier("default-kafka-broker") Map<String, Object> settings,
            @ConfigProperty(name = "kafka.bootstrap.servers", defaultValue = "localhost:9092")
                    String bootstrapServers,
            PublicationConfig config,
            TopicConfig topics) {
        this.settings = settings;
        this.bootstrapServers = bootstrapServers;
        this.config = config;
        this.topics = topics;
    }

    /**
     * The client for questions about topics, shared by all. Every call of it ends after {@link
     * TopicConfig#adminTimeout}.
     */
    synchronized Admin admin() {
        if (admin == null) {
            Map<String, Object> own = base();
            int timeout = millis(topics.adminTimeout());
            own.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, timeout);
            own.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, timeout);
            admin = Admin.create(own);
        }
        return admin;
    }

    @PreDestroy
    synchronized void close() {
        if (admin != null) {
            admin.close(CLOSE_TIMEOUT);
        }
    }

    /**
     * A producer of which there is one at a time with this id: the newest, the broker sees to it.
     *
     * @param maxBatchBytes what the broker takes at once for the topic
     */
    Producer<byte[], byte[]> transactional(String id, int maxBatchBytes) {
        Map<String, Object> own = forProducer(maxBatchBytes);
        own.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, id);
        own.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, millis(config.transactionTimeout()));
        int timeout = millis(config.answerTimeout());
        own.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, timeout);
        own.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, timeout - millis(LINGER));
        own.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, timeout);
        return producer(own);
    }

    /**
     * A producer that never gives a record up while later ones of the same stream can still be
     * written: it retries for ever, or a stream's events could overtake each other.
     *
     * @param maxBatchBytes what the broker takes at once for the topic
     */
    Producer<byte[], byte[]> persistent(int maxBatchBytes) {
        Map<String, Object> own = forProducer(maxBatchBytes);
        own.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Integer.MAX_VALUE);
        own.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, Integer.MAX_VALUE);
        return producer(own);
    }

    /** A consumer of committed records, without a group. */
    Consumer<byte[], byte[]> committedReader() {
        Map<String, Object> own = base();
        own.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        own.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        own.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        own.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, millis(config.answerTimeout()));
        return new KafkaConsumer<>(own, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** The most bytes that a producer sends at once, and so of one record. */
    int maxRequestBytes() {
        return (int) Math.min(2L * topics.maxMessageBytes(), producerBytes());
    }

    /** The part of one producer in what may wait in memory. */
    private long producerBytes() {
        return Math.max(config.bufferBytes() / config.producers(), topics.maxMessageBytes());
    }

    /** What a failure of a client means, in one line. */
    IllegalStateException failure(Throwable cause) {
        // The client's own words differ from one attempt to the next, and say no more.
        return cause instanceof TimeoutException ? noAnswer() : new IllegalStateException(cause);
    }

    IllegalStateException noAnswer() {
        return new IllegalStateException("Kafka does not answer at " + bootstrapServers);
    }

    private static Producer<byte[], byte[]> producer(Map<String, Object> own) {
        return new KafkaProducer<>(own, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private Map<String, Object> forProducer(int maxBatchBytes) {
        Map<String, Object> own = base();
        own.put(ProducerConfig.ACKS_CONFIG, "all");
        own.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        own.put(ProducerConfig.LINGER_MS_CONFIG, millis(LINGER));
        // The limit of a topic is one of batches. The client divides one that is refused into
        // batches of just this size, and would try in vain for as long as it may.
        own.put(ProducerConfig.BATCH_SIZE_CONFIG, Math.min(BATCH_BYTES, maxBatchBytes));
        own.put(ProducerConfig.BUFFER_MEMORY_CONFIG, producerBytes());
        own.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, maxRequestBytes());
        own.put(ProducerConfig.RETRY_BACKOFF_MS_CONFIG, 5);
        return own;
    }

    private Map<String, Object> base() {
        Map<String, Object> own = new HashMap<>(settings);
        own.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        return own;
    }

    private static int millis(Duration duration) {
        return Math.toIntExact(duration.toMillis());
    }
}
