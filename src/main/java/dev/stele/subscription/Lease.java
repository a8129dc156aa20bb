package dev.stele.subscription;

/**
 * The fenced right of this replica to run a subscription. How far the subscription is, is no part
 * of it.
 *
 * @param subscription its name
 * @param epoch higher than that of every lease before; carried by every write
 */
public record Lease(String subscription, long epoch) {}
