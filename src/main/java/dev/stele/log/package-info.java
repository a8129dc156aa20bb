/**
 * The log: appends and finite reads. Sole owner of the tables of events; others only look there
 * whether an event is still there, by the statement that relies on it.
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
 *   <li>Every condition and every repeat is decided inside that lock. No Java code decides that an
 *       append may happen; what {@link dev.stele.log.Appender} looks up beforehand only spares the
 *       lock a long look back.
 *   <li>A replica has at most one batch in flight ({@link dev.stele.log.GroupCommit}). Nothing
 *       waits for company: a lone append goes at once.
 *   <li>The appends of a batch are judged one after the other; {@link dev.stele.log.BatchComposer}
 *       keeps apart the few that cannot be judged so.
 *   <li>Every page is of one generation of the log, and says which: it comes from the statement
 *       that found the events. What else tells the generation may go by what was seen a moment ago
 *       ({@link dev.stele.log.Generation}).
 *   <li>Whoever goes on from an event that was seen looks for it by the same statement ({@link
 *       dev.stele.event.Landmark}); when it is gone, the log was put back: its generation rises,
 *       and what this replica remembers of the log begins anew (adr/0017).
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
