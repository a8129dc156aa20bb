/**
 * The log: appends and finite reads. Sole owner of the tables of events.
 *
 * <pre>
 *  append ──► queue ──► batch ──► append_batch (one call, one lock, one commit) ──► answers
 *               ▲                                                   │
 *               └───── what arrives meanwhile waits for the next ───┘
 * </pre>
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>Positions are 1, 2, 3 … in commit order, because a batch gets them under the log's lock,
 *       which is held until its commit. A reader that has seen position <i>n</i> has seen
 *       everything at or below it: there is no gap logic anywhere.
 *   <li>Every condition and every repeat is decided inside that lock, by one statement. No Java
 *       code decides whether an append may happen.
 *   <li>A replica has at most one batch in flight ({@link dev.stele.log.GroupCommit}). Nothing
 *       waits for company: a lone append goes at once.
 *   <li>An append may share a batch only if its outcome cannot depend on a neighbour ({@link
 *       dev.stele.log.BatchComposer}).
 *   <li>What an append came to is an item ({@link dev.stele.log.AppendResult}); the failure channel
 *       is for bugs.
 * </ul>
 *
 * <p>What is not here: endless reads (package {@code subscription}), JSON, HTTP, and any way to
 * change an event.
 */
@NullMarked
package dev.stele.log;

import org.jspecify.annotations.NullMarked;
