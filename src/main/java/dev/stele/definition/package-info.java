/**
 * What views and publications have in common: a definition that has a name and versions, and is put
 * in effect on every replica.
 *
 * <pre>
 *  PUT ──text──► DefinitionMembers ──► Programs.Compiler ──► Understood ──refused──► PutResult
 *                     what is wrong is noted, with its place      │
 *                                                                 │ runs
 *                                     PutResult ◄── its table ◄───┘
 *                                                     │
 *                     in rounds, and at once after    │ all versions
 *                     a change on this replica        ▼
 *                     start, stop ◄─────────── LocalDefinitions ──► kept with the reason
 *                     what runs of them                             where one is broken
 * </pre>
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>Which definitions there are is in the database. Every replica reads it in rounds; one that
 *       missed a change, or died in the middle of one, is put right by the next round.
 *   <li>Readings may overtake each other. One that began before another that is in effect changes
 *       nothing ({@link dev.stele.definition.LocalDefinitions}).
 *   <li>A version is understood once on each replica, and by the same code when it is put and when
 *       it is read back. One that was accepted and is refused by now, after a change of the service
 *       or of its limits, is kept with the reason, and holds up no other.
 *   <li>Programs are compiled and run on threads of their own, within budgets, and never on an
 *       event loop ({@link dev.stele.definition.Programs}). Work that finds the queue full fails at
 *       once, and nothing of it was done: a request is answered 503, a subscription tries again
 *       later.
 * </ul>
 *
 * <p>What is not here: what a definition says and does (packages {@code view} and {@code publish}),
 * its table, leases and the log. Whatever lies above or below subscriptions may have definitions.
 */
@NullMarked
package dev.stele.definition;

import org.jspecify.annotations.NullMarked;
