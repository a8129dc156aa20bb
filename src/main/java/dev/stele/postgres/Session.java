package dev.stele.postgres;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.sqlclient.impl.SqlConnectionInternal;

/**
 * Whether a session is as the statements need it. The service asks for that when it connects; a
 * pooler in between may keep it to itself.
 */
final class Session {

    private static final Statement READ = Statement.load(Session.class, "read-session");

    private static final String NOT_KEPT =
            "a pooler gives each transaction another session and does not keep prepared statements:"
                    + " PgBouncer does from 1.21 on, with max_prepared_statements; or set"
                    + " STELE_DATABASE_PREPARED_STATEMENTS=false";

    private final Pool pool;
    private final boolean prepared;

    /** Once it is known, it is: whether two clients share a session is luck. */
    private volatile boolean pooledByTransaction;

    /**
     * @param prepared whether its statements are prepared once and used again
     */
    Session(Pool pool, boolean prepared) {
        this.pool = pool;
        this.prepared = prepared;
    }

    /** What is wrong with it, in one line; empty when nothing is. */
    Uni<String> problem() {
        return pool.withConnection(
                        connection ->
                                READ.run(connection)
                                        .map(rows -> rows.iterator().next())
                                        .call(row -> compareIfPooled(connection, row))
                                        .map(this::problem))
                // Another client's statement of that name is met there, or none.
                .onFailure(DatabaseFailure::isNotPrepared)
                .recoverWithItem(NOT_KEPT);
    }

    private String problem(Row row) {
        String encoding = row.getString("encoding");
        if (!encoding.equals("UTF8")) {
            return "the database's encoding is %s, and not every text can be kept in it: it must be UTF8, which is chosen when a database is made"
                    .formatted(encoding);
        }
        String isolation = row.getString("isolation");
        if (!isolation.equals("read committed")) {
            return "a pooler leaves sessions at the isolation %s: run the migrations as a role that may do it, or: alter role \"%s\" in database \"%s\" set default_transaction_isolation = 'read committed'"
                    .formatted(isolation, row.getString("role"), row.getString("database"));
        }
        return pooledByTransaction && !row.getBoolean("rewritten")
                ? "a pooler gives each transaction another session and does not keep prepared"
                        + " statements: PgBouncer does from 1.21 on, with max_prepared_statements"
                : "";
    }

    /**
     * A pooler invents the number that a client hears. Where a second client is led to the session
     * that the first one has used and still has a connection for, sessions change hands.
     */
    private Uni<Void> compareIfPooled(SqlConnection connection, Row row) {
        int pid = row.getInteger("pid");
        if (!prepared || pooledByTransaction || heard(connection) == pid) {
            return Uni.createFrom().voidItem();
        }
        return pool.withConnection(READ::run)
                .invoke(
                        rows ->
                                pooledByTransaction |=
                                        rows.iterator().next().getInteger("pid") == pid)
                .replaceWithVoid();
    }

    private static int heard(SqlConnection connection) {
        return ((SqlConnectionInternal) connection.getDelegate()).unwrap().getProcessId();
    }
}
