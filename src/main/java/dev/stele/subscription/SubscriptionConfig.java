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

    /** First pause after a failure; doubled with each further one. */
    @WithDefault("100ms")
    Duration retryMin();

    /** Longest pause after a failure. */
    @WithDefault("15s")
    Duration retryMax();

    /** How long handling one slice may take before the subscription is called stalled. */
    @WithDefault("10s")
    Duration stalledAfter();

    /** Most positions that one slice spans, matching or not. */
    @WithDefault("10000")
    int sliceMaxPositions();

    /** Longest wait for an answer of the database. */
    @WithDefault("15s")
    Duration answerTimeout();
}
