/**
 * PostgreSQL as such: statements, what its failures mean, and the schema's migrations. Knows no
 * word of event sourcing.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>SQL lies in {@code .sql} files in the resources of the package that owns it, one statement
 *       each, loaded once when the class that uses it is initialised ({@link
 *       dev.stele.postgres.Statement}). There is no other way to run SQL, and none is built from
 *       pieces.
 *   <li>Connections are made in one place ({@link dev.stele.postgres.Connections}), with what all
 *       statements rely on, and watched: one that does not answer, or can only be read on, is
 *       closed. Where a pooler keeps settings to itself, readiness says so.
 *   <li>What a failure means is decided in one place ({@link dev.stele.postgres.DatabaseFailure}):
 *       whether something may have been written is a question that must not be answered twice.
 *   <li>Whoever uses the database keeps how it failed them last ({@link
 *       dev.stele.postgres.LastFailure}), and asks here for whom its statements wait ({@link
 *       dev.stele.postgres.LockWaits}). Whether somebody who renews a row is still there, it counts
 *       by its own clock ({@link dev.stele.postgres.Unchanged}).
 *   <li>Migrations are Flyway's and the only use of JDBC ({@link dev.stele.postgres.Migrations}).
 *       They run in the background at the start, so that a database that is away delays readiness
 *       and nothing else; or as the only thing that the process does.
 *   <li>Whoever needs the tables waits until the schema is current ({@link
 *       dev.stele.postgres.Schema}), whoever migrated it.
 * </ul>
 *
 * <p>What is not here: a repository, an entity, a transaction helper. A package that owns tables
 * owns their statements.
 */
@NullMarked
package dev.stele.postgres;

import org.jspecify.annotations.NullMarked;
