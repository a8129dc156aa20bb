/**
 * The HTTP contract: resources, representations, preconditions, problem documents. Nobody imports
 * this package.
 *
 * <p>A resource method reads the request into the words of the other packages, makes one call, and
 * turns its sealed result into an answer by a {@code switch} without {@code default}: a new outcome
 * breaks the build until somebody has decided what it means in HTTP.
 *
 * <p>One kind of request comes in beside the framework, because its body has no end that is known:
 * a bulk load ({@link dev.stele.http.BulkAppends}), read, appended and answered chunk by chunk.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>Bad input ends in a {@link dev.stele.http.Problem} before anything is called. {@link
 *       dev.stele.http.ProblemException} carries it, is thrown only here, and never leaves.
 *   <li>What is not understood is refused: unknown query parameters and unknown members are 400, or
 *       a typing mistake would silently mean "no filter". What the framework would understand
 *       otherwise than it was meant is kept from it ({@link dev.stele.http.Admission}).
 *   <li>No answer shows a stack trace, SQL, or a class name ({@link dev.stele.http.ProblemMapper}).
 *   <li>Every method returns a {@code Uni}: nothing here blocks.
 * </ul>
 *
 * <p>What is not here: decisions. Whether an append may happen, where a page ends, what a view
 * says: all of that is asked, not known.
 */
@NullMarked
package dev.stele.http;

import org.jspecify.annotations.NullMarked;
