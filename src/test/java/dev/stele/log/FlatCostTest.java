package dev.stele.log;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stele.testing.TestServers;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/**
 * What the log's statements cost stays what it was when the log grows: counted in blocks, which do
 * not depend on how busy the machine is, and include what runs inside of functions. A plan that
 * went wrong would read the whole log. {@code -Devents=10000000} makes the large log larger.
 */
class FlatCostTest {

    private static final long SMALL = 1_000;
    private static final long LARGE = Long.getLong("events", 100_000);
    private static final long STREAM = 10;

    /** Deeper indexes may double the blocks; a plan that went wrong reads thousands. */
    private static final long TIMES = 2;

    private static final long AND_BLOCKS = 20;

    private static final Pattern BLOCKS = Pattern.compile("\"Shared (?:Hit|Read) Blocks\": (\\d+)");

    /** The statements that read, and their parameters; %d is the head. */
    private static final Map<String, String> READS =
            Map.of(
                    "read-head", "(%d)",
                    "read-log", "",
                    "read-stream", "('s-7')",
                    "read-stream-forward", "('s-7', 3, 100, 8388608)",
                    "read-stream-backward", "('s-7', 9, 100, 8388608)",
                    "read-log-forward", "(%d - 150, 100, 8388608)",
                    "read-log-backward", "(%d, 100, 8388608)",
                    "read-event-by-version", "('s-7', 3)",
                    "read-event-by-id", "('00000000-0000-0000-0000-000000000007')",
                    "read-slice", "(%d - 150, %d, 100, 8388608, '{}', '{Rare}', '{common:1}')");

    @Test
    void neither_appends_nor_reads_cost_more_in_a_large_log() throws Exception {
        String database = "flat" + UUID.randomUUID().toString().replace("-", "");
        try (Connection administrator = connect("postgres")) {
            execute(administrator, "create database " + database);
            try {
                require(database);
            } finally {
                execute(administrator, "drop database " + database + " with (force)");
            }
        }
    }

    private static void require(String database) throws SQLException, IOException {
        Map<String, Long> small;
        Map<String, Long> withOldPlans;
        Map<String, Long> withNewPlans;
        try (Connection session = connect(database)) {
            execute(session, "create schema stele");
            execute(session, migration());
            fill(session, 1, SMALL);
            execute(session, "analyze");
            prepare(session);
            small = blocks(session, SMALL);
            // What was planned, and known of the tables, when they were small, stays in use.
            fill(session, SMALL + 1, LARGE);
            withOldPlans = blocks(session, LARGE);
            execute(session, "vacuum analyze");
        }
        try (Connection session = connect(database)) {
            prepare(session);
            withNewPlans = blocks(session, LARGE);
        }
        assertAll(
                small.keySet().stream()
                        .map(
                                name ->
                                        (Executable)
                                                () -> {
                                                    requireFlat(name, small, withOldPlans);
                                                    requireFlat(name, small, withNewPlans);
                                                }));
    }

    private static void requireFlat(String name, Map<String, Long> small, Map<String, Long> large) {
        long before = Objects.requireNonNull(small.get(name));
        long after = Objects.requireNonNull(large.get(name));
        assertTrue(
                after <= before * TIMES + AND_BLOCKS,
                () ->
                        "%s: %d blocks in a log of %d events, %d in one of %d"
                                .formatted(name, before, SMALL, after, LARGE));
    }

    /** Streams of ten events; a tag that all have, and one that a hundred have. */
    private static void fill(Connection session, long first, long last) throws SQLException {
        execute(
                session,
                """
                insert into stele.events (position, append_position, version, recorded_at, id, stream, type, data, tags)
                select p, p, (p - 1) %% %d + 1, now(), ('00000000-0000-0000-0000-' || lpad(to_hex(p), 12, '0'))::uuid,
                       's-' || (p - 1) / %d, case when p %% 1000 = 0 then 'Rare' else 'Common' end,
                       convert_to('{"n":1}', 'UTF8'), array['common:1', 'rare:' || p / 100]
                  from generate_series(%d, %d) as p
                """
                        .formatted(STREAM, STREAM, first, last));
        execute(
                session,
                """
                insert into stele.tags (tag, position)
                select tag, position from stele.events, unnest(tags) as tag where position between %d and %d
                """
                        .formatted(first, last));
    }

    private static void prepare(Connection session) throws SQLException, IOException {
        for (String name : READS.keySet()) {
            execute(session, "prepare \"" + name + "\" as " + resource(name + ".sql"));
        }
    }

    /** What each costs when it runs for the second time: the first one reads the catalogue. */
    private static Map<String, Long> blocks(Connection session, long head) throws SQLException {
        Map<String, Long> blocks = new LinkedHashMap<>();
        for (String mode : new String[] {"force_custom_plan", "force_generic_plan"}) {
            execute(session, "set plan_cache_mode = " + mode);
            for (var read : READS.entrySet()) {
                String statement =
                        "execute \"%s\" %s"
                                .formatted(
                                        read.getKey(),
                                        read.getValue().replace("%d", Long.toString(head)));
                blocks.put(read.getKey() + ", " + mode, secondRun(session, statement));
            }
        }
        long near = head - 500;
        Map<String, String> appends = new LinkedHashMap<>();
        appends.put("any", append("s-7", -2, false, null, null, null));
        appends.put("an expected version", append("s-7", STREAM, false, null, null, null));
        appends.put("no stream", append("new", 0, false, null, null, null));
        appends.put("an id that may repeat", append("s-7", -2, true, null, null, null));
        appends.put("failIf, rare type", append("s-7", -2, false, near, "Rare", null));
        appends.put("failIf, no such type", append("s-7", -2, false, near, "Absent", null));
        appends.put("failIf, common tag", append("s-7", -2, false, near, null, "common:1"));
        appends.put("failIf, old tag", append("s-7", -2, false, near, null, "rare:1"));
        appends.put(
                "failIf, common and old tag",
                append("s-7", -2, false, near, null, "common:1\u001frare:1"));
        appends.put(
                "failIf, no such type and common tag",
                append("s-7", -2, false, near, "Absent", "common:1"));
        for (var append : appends.entrySet()) {
            blocks.put("append: " + append.getKey(), secondRun(session, append.getValue()));
        }
        return blocks;
    }

    private static long secondRun(Connection session, String statement) throws SQLException {
        run(session, statement);
        return run(session, statement);
    }

    private static long run(Connection session, String statement) throws SQLException {
        session.setAutoCommit(false);
        try (Statement explain = session.createStatement();
                ResultSet plan =
                        explain.executeQuery(
                                "explain (analyze, buffers, format json) " + statement)) {
            plan.next();
            // The topmost node comes first, and counts what is below it.
            Matcher counts = BLOCKS.matcher(plan.getString(1));
            long blocks = 0;
            for (int i = 0; i < 2 && counts.find(); i++) {
                blocks += Long.parseLong(counts.group(1));
            }
            return blocks;
        } finally {
            session.rollback();
            session.setAutoCommit(true);
        }
    }

    /** A batch of one append of one event. */
    private static String append(
            String stream,
            long expected,
            boolean checkId,
            @Nullable Long after,
            @Nullable String types,
            @Nullable String tags) {
        boolean condition = types != null || tags != null;
        return """
        select * from stele.append_batch(5000, 1000, array[%s], array[%s]::bigint[], array[1], array['%s'], array[0],
            array[%d::bigint], array[1], %s::int[], %s::text[], %s::text[], array[1], array[0], array[gen_random_uuid()],
            array['Common'], array[null]::int[], array[null]::timestamptz[], array[null]::text[], array[null]::uuid[],
            array[null]::text[], array[null]::text[], array[null]::text[], array['x'::bytea], array[null]::bytea[],
            array['common:1'], array[1], array['common:1'])
        """
                .formatted(
                        checkId,
                        after,
                        stream,
                        expected,
                        condition ? "array[1]" : "array[]",
                        condition ? array(types) : "array[]",
                        condition ? array(tags) : "array[]");
    }

    private static String array(@Nullable String element) {
        return element == null ? "array[null]" : "array['" + element + "']";
    }

    private static String migration() throws IOException {
        return resource("/db/migration/V1__log.sql").replace("\"${service_role}\"", "postgres");
    }

    private static String resource(String name) throws IOException {
        try (InputStream file =
                Objects.requireNonNull(EventLog.class.getResourceAsStream(name), name)) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static Connection connect(String database) throws SQLException {
        return DriverManager.getConnection(
                TestServers.postgres().jdbcUrl(database) + "&preferQueryMode=simple");
    }

    private static void execute(Connection session, String sql) throws SQLException {
        try (Statement statement = session.createStatement()) {
            statement.execute(sql);
        }
    }
}
