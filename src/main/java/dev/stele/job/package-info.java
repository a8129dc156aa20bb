/**
 * Jobs: work that takes longer than a request.
 *
 * <pre>
 *   start ──► running ──► done, with a result
 *                │  └───► failed, because …
 *                └──────► failed: nothing was heard of its replica for a while
 * </pre>
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>A job runs at the replica that was asked for it, and its row in {@code stele.jobs} tells
 *       all replicas how it is doing. The replica renews the row in rounds; a row that nobody
 *       renews, by the clock of whoever looks on, is given up, and its work changes nothing any
 *       more.
 *   <li>One job of a kind runs for a subject at a time: who asks again gets the one that runs.
 *   <li>A replica runs a bounded number, and old rows are deleted.
 * </ul>
 *
 * <p>What is not here: what the work is, and taking it up again at another replica. Who wants it
 * done asks again.
 */
@NullMarked
package dev.stele.job;

import org.jspecify.annotations.NullMarked;
