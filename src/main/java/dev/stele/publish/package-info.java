/**
 * Publications: subscriptions that write to Kafka.
 *
 * <pre>
 *  subscription ──slice──► EventsPublication ──records──► channel "events" ──► topic stele.events
 *                                │ all acknowledged
 *                                └──► checkpoint
 * </pre>
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>A record is a CloudEvent in binary mode, made in one place ({@link
 *       dev.stele.publish.EventRecords}). Its key is the stream, so that Kafka's order per
 *       partition is the order of the stream.
 *   <li>The checkpoint moves only when the broker has acknowledged everything up to it: after any
 *       failure the records behind the checkpoint are sent again. At least once, and in order.
 *   <li>The producer never gives a record up while later ones may still be written: it retries for
 *       ever, or a stream's events could overtake each other (the settings of the channel in {@code
 *       application.properties}).
 *   <li>Topics are made by name with their settings, never by a first send ({@link
 *       dev.stele.publish.Topics}).
 * </ul>
 *
 * <p>What is not here: a second copy of the order. It is the log's.
 */
@NullMarked
package dev.stele.publish;

import org.jspecify.annotations.NullMarked;
