/**
 * Whether what clients saw can have happened on one log.
 *
 * <pre>
 *   requests and answers, with times ──► History ──operations──┐
 *                                                              ├──► HistoryCheck ──► flaws
 *   the log, read when nothing happens any more ───────────────┘
 * </pre>
 *
 * <p>The log itself says in which order the appends happened. What is left to prove is that each
 * request can have happened at one moment between its beginning and its end, in that order and with
 * that answer: strict serializability, and for a single stream linearizability. So every operation
 * is reduced to two statements: this position <em>was there</em> before I ended, and that position
 * <em>was not there</em> when I began. They contradict each other only in pairs, and any two that
 * do are the proof of a flaw ({@link dev.stele.history.Moments}).
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>The check is a pure function of the operations and the log. It knows nothing of HTTP, of
 *       replicas, or of the service's classes.
 *   <li>An outcome that is unknown proves nothing: the append is there once, or is not there.
 *   <li>All times are of one clock.
 * </ul>
 *
 * <p>What is not here: who writes, who reads, and what goes wrong meanwhile. That is {@code
 * dev.stele.crash}.
 */
@NullMarked
package dev.stele.history;

import org.jspecify.annotations.NullMarked;
