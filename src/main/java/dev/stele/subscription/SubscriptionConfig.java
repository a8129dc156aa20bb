package dev.stele.subscription;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Limits of subscriptions. */
@ConfigMapping(prefix = "stele.subscription")
interface SubscriptionConfig {

    /** How long a lease holds without renewal: the longest pause after a replica dies. */
    @WithDefault("10s")
    Duration leaseDuration();

    /** Pause between two rounds of renewing leases and asking for free ones. */
    @WithDefault("2s")
    Duration leaseRound();

    /**
     * Pause between two looks for leases that were given back, while this replica could run more.
     */
    @WithDefault("250ms")
    Duration leaseLook();

    /** Longest wait, when the service ends, for what subscriptions have under way. */
    @WithDefault("3s")
    Duration endTimeout();

    /** First pause after a failure, at most; doubled with each further one. */
    @WithDefault("100ms")
    Duration retryMin();

    /** Longest pause after a failure. */
    @WithDefault("15s")
    Duration retryMax();

    /** How long handling one slice may take before the subscription is called stalled. */
    @WithDefault("10s")
    Duration stalledAfter();

    /**
     * How long nobody may run a subscription, or hear of the replica that does, before it is called
     * stalled. Longer than two rounds, or each change of hands would be.
     */
    @WithDefault("5s")
    Duration unclaimedAfter();

    /** Most positions that one slice spans, matching or not. */
    @WithDefault("10000")
    int sliceMaxPositions();

    /**
     * Shortest time between two saves of a checkpoint that only passes what does not concern it.
     */
    @WithDefault("1s")
    Duration unmatchedInterval();

    /** Most of the newest events that are kept in memory for subscriptions that keep up. */
    @WithDefault("4096")
    int tailMaxEvents();

    /** Most bytes of events kept so; older ones leave first, but for the newest. */
    @WithDefault("8388608")
    long tailMaxBytes();

    /** Most events that are read for them at once. */
    @WithDefault("1000")
    int tailReadEvents();

    /** Longest wait for an answer of the database. */
    @WithDefault("15s")
    Duration answerTimeout();
}
