package dev.stele.publish;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** Settings of the topics that the service makes. */
@ConfigMapping(prefix = "stele.topic")
interface TopicConfig {

    /** What the names of all topics begin with; two logs on one broker must differ in it. */
    @WithDefault("stele.")
    String prefix();

    /** Partitions of a topic that is made; one that is there keeps its own. */
    @WithDefault("8")
    int partitions();

    /** Replicas of a topic that is made; the broker's default when absent. */
    Optional<Short> replicationFactor();

    /** Largest record of a topic that is made: an event of the largest size with its headers. */
    @WithDefault("2097152")
    int maxMessageBytes();

    /**
     * Longest wait for the broker when a topic is looked up or made; shorter than what a
     * subscription takes for a standstill, so that the better of the two explanations is given.
     */
    @WithDefault("8s")
    Duration adminTimeout();

    /**
     * How long a transaction waits for the broker before it is asked whether the topic is there.
     */
    @WithDefault("3s")
    Duration missingAfter();

    /** How long what was found of the settings of topics is told before it is looked at again. */
    @WithDefault("10s")
    Duration compareEvery();
}
