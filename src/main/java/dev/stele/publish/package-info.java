/**
 * Publications: subscriptions that write to Kafka.
 *
 * <pre>
 *  PUT ──► Definitions ──► PublicationTable ──► stele.publications   (one row per name; a change fences its runner)
 *                                                 │ read each round, on every replica
 *                                                 ▼
 *  subscription ──slice──► Publication ◄──── LocalPublications
 *                            │  Messages: programs make records
 *                            ├──records──► RecordWriter ──┬─► the publication's topic
 *                            │            one transaction └─► topic stele.checkpoints
 *                            └── checkpoint, for display ──► PostgreSQL
 * </pre>
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>A record is a CloudEvent in binary mode, made in one place ({@link
 *       dev.stele.publish.Messages}). Its key is the stream unless a program says otherwise, so
 *       that Kafka's order per partition is the order of the key.
 *   <li>Records and the checkpoint that they lead to are committed together, or not at all. A
 *       writer begins by asking Kafka for the checkpoint, after it has ended whatever an earlier
 *       writer of this publication had open: exactly once, for readers of committed records.
 *   <li>A publication has a writer while it writes; there are only so many at a replica ({@link
 *       dev.stele.publish.OpenWriters}). Each that is opened again begins like a new owner's, and
 *       is of use only if Kafka has the publication where it was left.
 *   <li>A writer that failed is never used again. There is no rule for an unknown outcome: the next
 *       writer finds what was committed.
 *   <li>A runner asks, after its writer is open, whether its version may run; a change after that
 *       brings a later writer, which ends this one (adr/0010).
 *   <li>Without transactions, by configuration, the checkpoint follows when the broker has
 *       acknowledged everything up to it: at least once, and in order. Nobody ends a writer whose
 *       lease is another's, and it may leave an older checkpoint; PostgreSQL's further one counts.
 *   <li>An event that has no message, or one that its topic does not take, parks its key, and no
 *       other. It is parked in PostgreSQL before the transaction that passes it, and forgotten when
 *       that fails; it is released in the transaction that sends it, and leaves PostgreSQL after
 *       that.
 *   <li>A topic that has events which the log has no longer, since it was put back, gets none until
 *       an operator says behind which position to go on, and then a record that says so first
 *       ({@link dev.stele.publish.Restoration}).
 *   <li>Topics are made by name with their settings, never by a first send ({@link
 *       dev.stele.publish.Topics}); what others made otherwise is told ({@link
 *       dev.stele.publish.TopicSettings}).
 * </ul>
 *
 * <p>What is not here: a second copy of the order. It is the log's. The threads of programs, and
 * the rounds in which a replica keeps up with definitions (package {@code definition}).
 */
@NullMarked
package dev.stele.publish;

import org.jspecify.annotations.NullMarked;
