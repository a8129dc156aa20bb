/**
 * What becomes of appends when processes crash or stop under load.
 *
 * <pre>
 *   Writers ──SentAppend──► CarefulClient ──HTTP──► the service, as processes of its own
 *                               │                       ▲ killed, stopped, without its database
 *                               ▼                       │ by CrashIT, StoppedReplicaIT
 *                             Book ──────compared──── Aftermath: the log, the topic, the view
 * </pre>
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>An append is in the {@link dev.stele.crash.Book} before it is sent, so that whatever is
 *       found afterwards can be accounted for.
 *   <li>Clients know only what the answers say. They never look whether an append happened; the
 *       {@link dev.stele.crash.Aftermath} does, when everything is up again and nothing is in doubt
 *       any more.
 *   <li>All choices come from a seed that is printed. What the processes make of them does not.
 * </ul>
 *
 * <p>What is not here: servers shared with other tests. A log that is compared as a whole is one's
 * own.
 */
@NullMarked
package dev.stele.crash;

import org.jspecify.annotations.NullMarked;
