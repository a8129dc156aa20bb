/**
 * What comes over a connection of HTTP/1.1 before it is a request: is it framed in one way only?
 *
 * <pre>
 *   bytes ──► FramingCheck ──► the framework's decoder ──► Exchanges ──► the framework ──► http
 * </pre>
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>Whatever another reader of the same bytes, a proxy in front of the service, could take for
 *       another request, or for two, is none: it is answered 400 (501 for a transfer coding that is
 *       not known) and the connection is closed, with nothing read of what follows.
 *   <li>What came before it over the same connection is answered first, and in order.
 *   <li>Bytes are looked at where they lie, and handed on as they came. Nothing is held back.
 * </ul>
 *
 * <p>What is not here: HTTP/2, which has frames with lengths and none of these questions; and what
 * a request says.
 */
@NullMarked
package dev.stele.wire;

import org.jspecify.annotations.NullMarked;
