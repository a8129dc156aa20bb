package dev.stele.log;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Limits of the log. */
@ConfigMapping(prefix = "stele.log")
interface LogConfig {

    /** Most events in one batch; a single append with more goes alone. */
    @WithDefault("1000")
    int batchMaxEvents();

    /** Most bytes of events in one batch; a single append with more goes alone. */
    @WithDefault("4194304")
    int batchMaxBytes();

    /** Most appends waiting on one replica; one more is answered 503. */
    @WithDefault("10000")
    int queueMaxAppends();

    /** Most bytes of events waiting on one replica; more is answered 503. */
    @WithDefault("67108864")
    long queueMaxBytes();

    /**
     * How many positions behind the head a failIf may be looked up under the log's lock, where
     * everybody waits for it; one that looks further back is checked beforehand up to there.
     */
    @WithDefault("1000")
    long failIfSpan();

    /** How often a failIf is checked beforehand when the head runs away from it; then 503. */
    @WithDefault("5")
    int failIfAttempts();

    /** Longest wait for a connection before an append is given up as not sent. */
    @WithDefault("5s")
    Duration connectTimeout();

    /** Longest wait for the log's lock, in the database; then nothing was appended. */
    @WithDefault("5s")
    Duration lockTimeout();

    /** Longest wait for the answer to a batch; then its outcome is unknown. */
    @WithDefault("15s")
    Duration answerTimeout();

    /** Longest wait for a page. */
    @WithDefault("15s")
    Duration readTimeout();

    /** How long the log's generation is taken as read when nothing brings it along. */
    @WithDefault("2s")
    Duration generationMaxAge();

    /** Most bytes of data and metadata in a page; its first event may be larger. */
    @WithDefault("8388608")
    int pageMaxBytes();

    /**
     * Most bytes of data and metadata in what a subscription reads at once; its first event may be
     * larger. Each of them may have that much in hand.
     */
    @WithDefault("1048576")
    int sliceMaxBytes();

    /**
     * Most events that were just appended here and are kept in memory for subscriptions; 0: none.
     */
    @WithDefault("4096")
    int recentMaxEvents();

    /** Most bytes of events kept so; older ones leave first. */
    @WithDefault("8388608")
    long recentMaxBytes();

    /** Most requests of one replica that wait for the head to reach a position. */
    @WithDefault("1000")
    int headWaiters();

    /** Pause before the head is read again after it moved. */
    @WithDefault("5ms")
    Duration headPollMin();

    /** Longest pause between two reads of a head that does not move. */
    @WithDefault("1s")
    Duration headPollMax();
}
