/**
 * Endless ordered readers of the log: who may run them, how far they are, and the loop that feeds
 * them. The only place that subscribes.
 *
 * <pre>
 *        lease won              ready               at the head
 *   Idle ─────────► Resuming ─────────► CatchingUp ──────────────► Live
 *    ▲               │    ▲              │     ▲                     │
 *    │ lease lost    │    │              │     └──── new events ─────┘
 *    │               ▼    │ still held   ▼
 *    └─────────────── Recovering ◄───────┘   (a failure: pause, read the checkpoint again)
 * </pre>
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>A subscription runs on one replica: the one whose lease in {@code stele.subscriptions} has
 *       not run out, by the database's clock ({@link dev.stele.subscription.LeaseKeeper}).
 *   <li>Every lease has an epoch, higher than any before. Whatever a subscriber writes carries it
 *       or checks it, so that a replica which was stopped and goes on after another took over
 *       changes nothing.
 *   <li>A checkpoint moves from a known value to the next one, or not at all: an effect whose
 *       answer was lost is never done twice, because the checkpoint is read again after every
 *       failure.
 *   <li>A failure never ends a subscription: it pauses, says why in the row, and tries again for
 *       ever.
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
