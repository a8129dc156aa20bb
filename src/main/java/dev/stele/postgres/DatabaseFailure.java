package dev.stele.postgres;

import io.smallrye.mutiny.TimeoutException;
import io.vertx.pgclient.PgException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a failure of a statement means for whoever sent it. */
public enum DatabaseFailure {
    /** The database refused before it did anything, and may accept later: nothing was written. */
    UNAVAILABLE,
    /** The answer was lost: the statement may have been carried out or not. */
    ANSWER_LOST,
    /** The statement itself is wrong for the database; nothing was written, a repeat is no use. */
    REFUSED;

    /** The statement was ended by an operator or a crash, perhaps just after its commit. */
    private static final Set<String> ENDED = Set.of("57P01", "57P02", "57P05");

    /** Starting up, too many connections, lock not available, cancelled, serialisation. */
    private static final Set<String> MAY_PASS =
            Set.of("57P03", "53300", "53400", "55P03", "57014", "40001", "40P01");

    /**
     * No schema, table, column or function of that name: the migrations have not run to the end.
     */
    private static final Set<String> NOT_MIGRATED = Set.of("3F000", "42P01", "42703", "42883");

    /**
     * A prepared statement is not there, or is there already: a pooler gives each transaction
     * another session.
     */
    private static final Set<String> NOT_PREPARED = Set.of("26000", "42P05");

    /** Privileges were taken away, or a dump was restored without them. */
    static final String NOT_GRANTED = "42501";

    /** The server is a standby, or read-only by its settings. */
    static final String READ_ONLY = "25006";

    /**
     * Classifies what a statement failed with, once it had been sent.
     *
     * <p>SQLSTATE classes: PostgreSQL's manual, appendix A. An error from the server ends its
     * transaction, so only a connection that broke, or was ended from outside, leaves doubt.
     */
    public static DatabaseFailure of(Throwable failure) {
        if (!(failure instanceof PgException error)) {
            return ANSWER_LOST;
        }
        String state = error.getSqlState();
        if (ENDED.contains(state) || state.startsWith("08")) {
            return ANSWER_LOST;
        }
        boolean unavailable =
                MAY_PASS.contains(state)
                        || NOT_MIGRATED.contains(state)
                        || NOT_PREPARED.contains(state)
                        || state.startsWith("28")
                        || state.startsWith("3D")
                        || state.startsWith("53")
                        || state.equals(NOT_GRANTED)
                        || state.equals(READ_ONLY);
        return unavailable ? UNAVAILABLE : REFUSED;
    }

    /** The SQLSTATE that the server gave; empty when it was not the server that failed. */
    public static String state(@Nullable Throwable failure) {
        return failure instanceof PgException error ? error.getSqlState() : "";
    }

    /** Whether a pooler between has led a prepared statement to a session that knows another. */
    static boolean isNotPrepared(Throwable failure) {
        return NOT_PREPARED.contains(state(failure));
    }

    /** One line for people: the innermost cause, without a stack trace. */
    public static String describe(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof PgException error) {
            return "%s (SQLSTATE %s)".formatted(error.getErrorMessage(), error.getSqlState());
        }
        if (cause instanceof TimeoutException) {
            return "no answer in time";
        }
        String message = cause.getMessage();
        return message == null || message.isBlank() ? cause.getClass().getSimpleName() : message;
    }

    /**
     * The same for whoever sent a request: in words of ours, for those of the database and of its
     * client are for operators, and name hosts and tables.
     */
    public static String inOurWords(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof PgException error) {
            return "%s (SQLSTATE %s)"
                    .formatted(inOurWords(error.getSqlState()), error.getSqlState());
        }
        return cause instanceof TimeoutException ? "no answer in time" : "the connection broke";
    }

    private static String inOurWords(String state) {
        if (NOT_MIGRATED.contains(state)) {
            return "the schema is not complete";
        }
        if (NOT_PREPARED.contains(state)) {
            return "a pooler in between does not keep prepared statements";
        }
        return switch (state) {
            case NOT_GRANTED -> "the service's role lacks a privilege";
            case READ_ONLY -> "the database can only be read";
            case "53100" -> "its disk is full";
            case "53300" -> "it has no connection left";
            case "55P03" -> "a lock is held for long";
            case "57014" -> "the statement took too long";
            case "57P03" -> "it is starting or ending";
            default -> inOurWordsByClass(state);
        };
    }

    private static String inOurWordsByClass(String state) {
        return switch (state.substring(0, Math.min(2, state.length()))) {
            case "08", "57" -> "the connection was ended";
            case "28" -> "it does not let the service in";
            case "3D" -> "there is no such database";
            case "40" -> "it broke off one of several transactions that were in each other's way";
            case "53" -> "it has run out of something that it needs";
            default -> "it refused the statement";
        };
    }
}
