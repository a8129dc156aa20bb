package dev.stele.http;

import dev.stele.postgres.LockWaits;
import dev.stele.subscription.Standing;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What to do about what is stuck. */
final class Hints {

    private static final Pattern SQLSTATE = Pattern.compile("\\(SQLSTATE (\\w{5})\\)");
    private static final String DISK_FULL = "53100";

    /** About a topic that is not what the service would have made. */
    static final String OF_TOPICS =
            "a broker whose auto.create.topics.enable is on makes topics by itself; change the"
                + " topic where that was not meant (STELE_TOPIC_PARTITIONS,"
                + " STELE_TOPIC_MAX_MESSAGE_BYTES say what is expected); with more partitions, a"
                + " stream's later records may be in another one than its earlier ones";

    private Hints() {}

    /**
     * About a failure of the database.
     *
     * @param state its SQLSTATE; empty when it was not the server that failed
     */
    static String ofState(String state) {
        if (state.equals(DISK_FULL)) {
            return "make room on the database's disk; everything goes on by itself then";
        }
        if (state.startsWith("53")) {
            return "the database has no connections or no memory left: its max_connections must be"
                    + " enough for QUARKUS_DATASOURCE_REACTIVE_MAX_SIZE times the replicas";
        }
        if (state.startsWith("28") || state.startsWith("3D")) {
            return "look at the role, the password and the database's name:"
                    + " QUARKUS_DATASOURCE_USERNAME, QUARKUS_DATASOURCE_PASSWORD,"
                    + " QUARKUS_DATASOURCE_REACTIVE_URL";
        }
        return switch (state) {
            case "3F000", "42P01", "42883" -> "run the migrations";
            case "55P03" -> "somebody held a lock for long: pg_stat_activity and pg_locks say who";
            default ->
                    "look whether PostgreSQL runs, and can be reached at"
                            + " QUARKUS_DATASOURCE_REACTIVE_URL; everything goes on by itself then";
        };
    }

    /** About a session that is waited for. */
    static String of(LockWaits.Blocker blocker) {
        if (blocker.pid() == 0) {
            return "pg_prepared_xacts lists it; commit it or roll it back";
        }
        if (blocker.activity() == null) {
            return "what the session does is hidden from the service's role: grant it pg_monitor,"
                    + " or look as"
                    + " a superuser; pg_terminate_backend(%d) ends it".formatted(blocker.pid());
        }
        return "end its transaction; pg_terminate_backend(%d) does".formatted(blocker.pid());
    }

    /** About a subscription that stands still. */
    static String of(Standing.Standstill why) {
        return switch (why.cause()) {
            case SILENT_OWNER ->
                    "if that replica is gone, another one takes over when the lease ends";
            case UNCLAIMED ->
                    "replicas ask for free leases every few seconds: look whether one runs that"
                            + " knows this definition";
            case REFUSED -> "put a definition that this version accepts";
            case FAILURE -> ofFailure(why.because());
        };
    }

    private static String ofFailure(String because) {
        Matcher state = SQLSTATE.matcher(because);
        if (state.find()) {
            return ofState(state.group(1));
        }
        if (because.contains("STELE_PARKED_MAX")) {
            return "have parked keys tried again, skip their events, or raise the limit";
        }
        if (because.startsWith("the topic ")) {
            return "it is made again, empty, with the next attempt, and publishing goes on; what"
                    + " was in it is still in the log";
        }
        return because.contains("Kafka")
                ? "look whether the broker runs, and can be reached at KAFKA_BOOTSTRAP_SERVERS; it"
                        + " goes on by itself then, and nothing is lost"
                : "it is tried again, with growing pauses; a changed definition may mend it";
    }
}
