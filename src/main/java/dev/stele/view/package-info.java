/**
 * Views: keyed state that is folded from the log, kept up to date, and read with a position.
 *
 * <pre>
 *  PUT ──► DefinitionReader ──► ViewTable ──► stele.views         (one row per version)
 *                                               │ read each round, on every replica
 *                                               ▼
 *  log ──slice──► ViewUpdater ◄──────────── LocalViews ──► promotes what is built, clears away what is gone
 *                  │  keys, load, fold, write
 *                  ▼
 *                 stele.view_entries  +  stele.subscriptions      (one statement)
 *                  │
 *  GET ◄── Views ◄─┘  entry and checkpoint of one snapshot
 * </pre>
 *
 * <p>Life of a version:
 *
 * <pre>
 *   first PUT ──► live, filling up ──► live, built ──► gone (deleted, or another took the name)
 *   later PUT ──► building ──────────────▲   └► gone (replaced before it was built)
 * </pre>
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>A live entry is exactly the fold of the view's events up to the checkpoint that is read
 *       with it. {@link dev.stele.view.Projection} is pure, what it yields does not depend on how
 *       events are cut into batches, and entries and checkpoint are written by one statement that
 *       checks the lease's epoch.
 *   <li>No write takes on trust what was read: an entry that is not what was folded on stops its
 *       version for good, on every replica, and says so (adr/0011).
 *   <li>An event that cannot be folded into an entry parks the entry's key, and nothing else: the
 *       entry stays the fold before that event, until somebody has it tried again or left out. A
 *       read finds the entry, the checkpoint and what is parked in one snapshot, and the earliest
 *       of them is what it reflects ({@link dev.stele.view.ParkedEntry}).
 *   <li>A version that was folded from events which are gone, since the log was put back, is stale:
 *       nobody updates it, its readers are told, and another one is built beside it, which takes
 *       the name however far the stale one was.
 *   <li>A new version starts without parked keys.
 *   <li>A version's id is never used again, and who deletes the entries of one that is gone holds
 *       up nobody.
 *   <li>A name has at most one live version and one that is being built. A version takes the name
 *       in one statement, and not before it is as far as the one before: readers never see the past
 *       again.
 *   <li>A check folds from the log what it compares, with the same {@code Projection}; it never
 *       believes an entry.
 * </ul>
 *
 * <p>What is not here: HTTP, the jq engine (package {@code jq}), the threads of programs and the
 * rounds in which a replica keeps up with definitions (package {@code definition}), the loop that
 * feeds the updaters and its retries (package {@code subscription}), history, indexes and
 * publication of entries.
 */
@NullMarked
package dev.stele.view;

import org.jspecify.annotations.NullMarked;
