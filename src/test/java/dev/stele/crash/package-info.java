/**
 * What becomes of appends, and of reads, when processes crash or stop under load.
 *
 * <pre>
 *   Writers ──SentAppend──► CarefulClient ──HTTP──► the service, as processes of its own
 *                               │                       ▲ killed, stopped, without its database
 *                               ▼                       │ by CrashIT, StoppedReplicaIT
 *                             Book ──────compared──── Aftermath: the log, the topic, the view
 *
 *   HistoryClient ──Write, reads──HTTP──► the service ◄── Disturbances, by HistoryIT
 *        │                                     │
 *        ▼                                     ▼
 *     History ──────────compared──────────► the log          (dev.stele.history)
 * </pre>
 *
 * <p>The two look at the same thing from two sides. What the {@link dev.stele.crash.Book} has is
 * compared with everything that is made of the log: the topic, the view, the answers to repeats.
 * The history knows when each request began and ended, and is compared with the log alone: whether
 * everything that anybody was answered was true at the time.
 *
 * <p>{@link dev.stele.crash.ViewRace} is the third: definitions, changes and deletions of views
 * race with appends and reads, and each answer is compared with the fold up to the position that it
 * names.
 *
 * <p>{@link dev.stele.crash.ParkedRace} is the fourth: many events fail, operators retry and skip,
 * and what the service says is parked and skipped must explain all that is missing. {@link
 * dev.stele.crash.SpreadIT} compares nothing but who runs what.
 *
 * <p>{@link dev.stele.crash.NemesisIT} does to servers and network what happens to them, failover
 * and restore included: the book is compared with the log but for what went with a {@link
 * dev.stele.crash.Losses loss}, and topics with what they say of it.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>An append is in the {@link dev.stele.crash.Book} before it is sent, and in the history
 *       whatever comes of it, so that all that is found afterwards can be accounted for.
 *   <li>Clients know only what the answers say. They never look whether an append happened; the
 *       {@link dev.stele.crash.Aftermath} does, and so does the check of the history, when
 *       everything is up again and nothing is in doubt any more.
 *   <li>All choices come from a seed that is printed. What the processes make of them does not.
 * </ul>
 *
 * <p>What is not here: servers shared with other tests. A log that is compared as a whole is one's
 * own.
 */
@NullMarked
package dev.stele.crash;

import org.jspecify.annotations.NullMarked;
