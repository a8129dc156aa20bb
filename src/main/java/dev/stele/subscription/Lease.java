package dev.stele.subscription;

import dev.stele.event.GlobalPosition;

/**
 * The fenced right of this replica to run a subscription.
 *
 * @param subscription its name
 * @param epoch higher than that of every lease before; carried by every write
 * @param checkpoint everything at or below it is handled
 */
public record Lease(String subscription, long epoch, GlobalPosition checkpoint) {

    /** The same right, further on. */
    public Lease at(GlobalPosition position) {
        return new Lease(subscription, epoch, position);
    }
}
