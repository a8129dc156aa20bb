/**
 * The wire form of events: JSON in, JSON out.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>An event's data and metadata are opaque: they are checked once, stripped of insignificant
 *       white space, and copied byte by byte from then on. Digits, the order of members and escapes
 *       survive. PostgreSQL keeps bytes and checks nothing, so what is let through here must be
 *       strict JSON (RFC 8259 with the restrictions of RFC 7493): {@link
 *       dev.stele.json.StrictParser}.
 *   <li>What was let through is read by whatever comes after. {@link dev.stele.json.Jackson} alone
 *       makes parsers, generators and trees, and no limit of theirs is in force.
 *   <li>The envelope is read by {@link dev.stele.json.NewEventReader} and written by {@link
 *       dev.stele.json.EventJson}, by hand: no reflection, no binding. As a CloudEvent it is read
 *       by {@link dev.stele.json.CloudEventReader}, and what one looks like is decided by {@link
 *       dev.stele.json.CloudEvents} alone.
 *   <li>What programs yield has one text ({@link dev.stele.json.CanonicalJson}), so that a value is
 *       the same to the next program whether it was written in between or not.
 *   <li>Bad input is a result ({@link dev.stele.json.Parsed}), with a JSON Pointer (RFC 6901) to
 *       each place.
 * </ul>
 *
 * <p>What is not here: HTTP, problem documents, and jq (package {@code jq}).
 */
@NullMarked
package dev.stele.json;

import org.jspecify.annotations.NullMarked;
