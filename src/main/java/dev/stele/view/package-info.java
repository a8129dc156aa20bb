/**
 * Views: keyed state that is folded from the log, kept up to date, and read with a position.
 *
 * <pre>
 *  PUT ──► DefinitionReader ──► ViewTable ──► stele.views         (one row per version)
 *                                               │ read each round, on every replica
 *                                               ▼
 *  log ──slice──► ViewUpdater ◄──────────── LocalViews ──► promotes what is built, drops what is gone
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
 *   <li>An event that cannot be folded into an entry parks the entry's key, and nothing else: the
 *       entry stays the fold before that event, until somebody has it tried again or left out. A
 *       read finds the entry, the checkpoint and what is parked in one snapshot, and the earliest
 *       of them is what it reflects ({@link dev.stele.view.ParkedEntry}).
 *   <li>A new version starts without parked keys.
 *   <li>A name has at most one live version and one that is being built. A version takes the name
 *       in one statement, and not before it is as far as the one before: readers never see the past
 *       again.
 *   <li>Which views there are is in the database. Every replica reads it in rounds; a replica that
 *       missed a change, or died in the middle of one, is put right by the next round.
 *   <li>Programs run on threads of their own, within budgets, and never on an event loop.
 * </ul>
 *
 * <p>What is not here: HTTP, the jq engine (package {@code jq}), the loop that feeds the updaters
 * and its retries (package {@code subscription}), history, indexes and publication of entries.
 */
@NullMarked
package dev.stele.view;

import org.jspecify.annotations.NullMarked;
