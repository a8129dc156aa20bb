/**
 * Endless ordered readers of the log: who may run them, how far they are, what they set aside, and
 * the loop that feeds them.
 *
 * <pre>
 *           won                Resumed                       AtHead
 *   Idle ──────────► Resuming ─────────────► CatchingUp ──────────────► Live
 *    ▲                  ▲ ▲      ┌──────────►  │   ▲ ▲                    │ │
 *    │ ReleaseDone      │ │      │   Retried   │   │ └────── Woken ───────┘ │
 *    │                  │ │  Retrying ◄────────┘   │                        │
 *    │                  │ │      ▲   retry wanted  │                        │
 *    │                  │ │      └─────────────────┼────────────────────────┘
 *    │           Reread │ │                        │ Moved
 *    │                  │ └── Pausing ◄── Failed, Fenced, from wherever it was
 *    │ lost, LeaseLost, from wherever it was
 *   Releasing ──(another lease was won meanwhile)──► Resuming          stop ──► Stopping ──► Stopped
 * </pre>
 *
 * <pre>
 *   LeaseKeeper ──won, lost, stop──► Subscription ──phase──► Runner ──slice, parking──► Subscriber
 *     rounds: renew, give back,        the actor:             │  ▲
 *     take up to the share             one step at a time     │  └── Tail: the newest events, read once
 *                                                             └── ParkedTable, Checkpoints
 * </pre>
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>A subscription runs on one replica: the one whose lease in {@code stele.subscriptions} has
 *       not run out, by the database's clock; nor by that of whoever looks on, should the
 *       database's be put back ({@link dev.stele.subscription.ObservedLeases}). Leases spread: a
 *       replica takes up to its share, and gives back what is more ({@link
 *       dev.stele.subscription.LeaseKeeper}).
 *   <li>Every lease has an epoch, higher than any before. Whatever a subscriber writes carries it
 *       or checks it, so that a replica which was stopped and goes on after another took over
 *       changes nothing.
 *   <li>A subscription is an actor ({@link dev.stele.subscription.Subscription}): it is told one
 *       thing at a time, has at most one step under way, and lets go of a lease before it begins
 *       under the next.
 *   <li>A checkpoint moves over what was not handled before, or not at all: whoever writes says
 *       between which positions it must be, so that an effect whose answer was lost is not done
 *       twice, and one that was lost with a crash of PostgreSQL is not left out. Between is where
 *       anybody may have moved it who found that no event there concerns the subscription.
 *   <li>What fails for its own sake parks its key ({@link dev.stele.subscription.Parking}): later
 *       events of the key wait behind it, everything else goes on. What is parked is written with
 *       what was handled, or before the transaction that passes it.
 *   <li>A failure that may pass never ends a subscription: it pauses, says why in the row, and
 *       tries again for ever.
 *   <li>The newest events are read once for all that keep up ({@link dev.stele.subscription.Tail}).
 *       An event costs a subscription that does not want it nothing, and the tail waits for nobody.
 *   <li>What is called stalled, and why, is decided in one place ({@link
 *       dev.stele.subscription.Standings}), from the rows: the error, or a lease that nobody has,
 *       or whose replica is not heard of.
 * </ul>
 *
 * <p>What is not here: what is done with the events (packages {@code view} and {@code publish}).
 */
@NullMarked
package dev.stele.subscription;

import org.jspecify.annotations.NullMarked;
