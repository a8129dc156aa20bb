package dev.stele;

import static dev.stele.Limit.count;
import static dev.stele.Limit.countOrNone;
import static dev.stele.Limit.number;
import static dev.stele.Limit.period;
import static dev.stele.Limit.text;
import static dev.stele.Limit.time;
import static dev.stele.Limit.timeOrNone;

import io.smallrye.config.SmallRyeConfig;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What the settings of the service's own may be. They are declared, explained and given defaults by
 * the packages that use them; a test compares the two.
 *
 * <p>They are all looked at before anything is started, so that whoever sets them reads a line for
 * each that is wrong, by the name that they were set by. Annotations on the declarations would be
 * checked later, one package at a time, and speak of names and values that nobody has typed.
 */
final class Limits {

    private static final String YES_OR_NO = "true|false|yes|no|y|n|on|off|1|0";

    private static final String WEBHOOK_ORIGIN = "(\\*|[A-Za-z0-9][A-Za-z0-9.:-]{0,252})";

    /** Kept in arrays that are made at once. */
    private static final int MOST_KEPT = 1_000_000;

    /** An index holds no longer ones. */
    private static final int LONGEST_KEY = 2_700;

    /** Each has a thread or two. */
    private static final int MOST_PRODUCERS = 1_000;

    static final List<Limit> ALL =
            List.of(
                    time("end.timeout", "10s"),
                    count("limits.event-bytes", "1048576"),
                    count("limits.append-events", "1000"),
                    count("limits.append-bytes", "8388608"),
                    countOrNone("limits.event-tags", "32"),
                    countOrNone("limits.metadata-bytes", "65536"),
                    countOrNone("limits.append-requirements", "1000"),
                    countOrNone("limits.fail-if-items", "100"),
                    count("limits.fail-if-names", "100"),
                    count("log.batch-max-events", "1000"),
                    count("log.batch-max-bytes", "4194304"),
                    count("log.queue-max-appends", "10000"),
                    number("log.queue-max-bytes", 1, Long.MAX_VALUE, "67108864"),
                    number("log.fail-if-span", 1, Long.MAX_VALUE, "1000"),
                    count("log.fail-if-attempts", "5"),
                    time("log.connect-timeout", "5s"),
                    time("log.lock-timeout", "5s"),
                    time("log.answer-timeout", "15s"),
                    time("log.read-timeout", "15s"),
                    timeOrNone("log.generation-max-age", "2s"),
                    count("log.page-max-bytes", "8388608"),
                    count("log.slice-max-bytes", "1048576"),
                    number("log.recent-max-events", 0, MOST_KEPT, "4096"),
                    number("log.recent-max-bytes", 0, Long.MAX_VALUE, "8388608"),
                    count("log.head-waiters", "1000"),
                    time("log.head-poll-min", "5ms"),
                    time("log.head-poll-max", "1s"),
                    time("wire.linger", "2s"),
                    text("database.prepared-statements", YES_OR_NO, "true or false", "true"),
                    time("database.connect-timeout", "5s"),
                    time("database.answer-timeout", "15s"),
                    time("database.idle-timeout", "1m"),
                    time("database.max-lifetime", "30m"),
                    text("migrate.at-start", YES_OR_NO, "true or false", "true"),
                    time("migrate.retry-max", "5s"),
                    timeOrNone("migrate.give-up-after", "1m"),
                    time("migrate.check-timeout", "2s"),
                    count("http.page-max", "1000"),
                    count("http.page-default", "100"),
                    text("http.cache-public", YES_OR_NO, "true or false", "true"),
                    countOrNone("http.event-loop-bytes", "65536"),
                    number("http.large-bodies-max-bytes", 0, Long.MAX_VALUE, "33554432"),
                    time("http.large-bodies-patience", "10s"),
                    count("http.large-bodies-min-rate", "65536"),
                    count("http.bulk-loads", "32"),
                    count("http.bulk-chunk-events", "1000"),
                    count("http.bulk-chunk-bytes", "1048576"),
                    countOrNone("http.bulk-retries", "10"),
                    timeOrNone("http.bulk-pause-min", "100ms"),
                    timeOrNone("http.bulk-pause-max", "2s"),
                    time("http.bulk-linger", "5s"),
                    time("http.bulk-linger-max", "1m"),
                    text(
                            "http.webhook-origins",
                            WEBHOOK_ORIGIN + "(\\s*,\\s*" + WEBHOOK_ORIGIN + ")*",
                            "names of hosts with commas between, or *",
                            null),
                    number("http.webhook-rate", 1, Integer.MAX_VALUE, null),
                    time("http.end-timeout", "3s"),
                    timeOrNone("http.end-bodies", "1s"),
                    timeOrNone("http.end-quiet", "200ms"),
                    timeOrNone("http.wait-default", "5s"),
                    timeOrNone("http.wait-max", "30s"),
                    countOrNone("http.parked-waiters", "100"),
                    time("http.parked-poll", "50ms"),
                    time("http.status-timeout", "2s"),
                    time("http.status-waits", "1s"),
                    count("http.status-query-chars", "200"),
                    count("http.skip-bytes", "16384"),
                    count("http.skip-reason-chars", "1000"),
                    count("http.continue-bytes", "1024"),
                    text(
                            "publication.delivery",
                            "(exactly|at[-_]least)[-_]once",
                            "exactly-once or at-least-once",
                            "exactly-once"),
                    time("publication.refresh", "1s"),
                    count("publication.definition-bytes", "262144"),
                    number("publication.key-bytes", 1, LONGEST_KEY, "1024"),
                    time("publication.database-timeout", "15s"),
                    time("publication.batch-time", "500ms"),
                    count("publication.batch-events", "1000"),
                    count("publication.batch-bytes", "1048576"),
                    timeOrNone("publication.transaction-pause-min", "3ms"),
                    timeOrNone("publication.transaction-pause-max", "25ms"),
                    time("publication.transaction-timeout", "10s"),
                    time("publication.answer-timeout", "15s"),
                    time("publication.close-timeout", "2s"),
                    number("publication.producers", 1, MOST_PRODUCERS, "32"),
                    timeOrNone("publication.producer-turn", "1s"),
                    time("publication.idle-timeout", "1m"),
                    number("publication.buffer-bytes", 1, Long.MAX_VALUE, "134217728"),
                    time("publication.checkpoint-interval", "100ms"),
                    time("publication.fork-timeout", "5m"),
                    timeOrNone("publication.fork-margin", "10m"),
                    text(
                            "topic.prefix",
                            "[A-Za-z0-9._-]{1,180}",
                            "1 to 180 letters, digits, dots, underscores and hyphens",
                            "stele."),
                    count("topic.partitions", "8"),
                    number("topic.replication-factor", 1, Short.MAX_VALUE, null),
                    count("topic.max-message-bytes", "2097152"),
                    time("topic.admin-timeout", "8s"),
                    time("topic.missing-after", "3s"),
                    time("topic.compare-every", "10s"),
                    time("view.refresh", "1s"),
                    count("view.definition-bytes", "262144"),
                    count("view.handlers", "200"),
                    number("view.key-bytes", 1, LONGEST_KEY, "1024"),
                    count("view.batch-events", "1000"),
                    count("view.batch-keys", "1000"),
                    count("view.batch-bytes", "16777216"),
                    time("view.batch-time", "500ms"),
                    count("view.delete-entries", "10000"),
                    count("view.page-max-bytes", "8388608"),
                    number("view.count-max", 1, Integer.MAX_VALUE - 1, "100000"),
                    count("view.waiters", "1000"),
                    time("view.wait-poll-min", "10ms"),
                    time("view.wait-poll-max", "100ms"),
                    time("view.answer-timeout", "15s"),
                    period("view.verify.every", null),
                    count("view.verify.sample", "1000"),
                    count("view.verify.sample-max", "1000000"),
                    count("view.verify.keys", "20000"),
                    number("view.verify.bytes", 1, Long.MAX_VALUE, "33554432"),
                    count("view.verify.slice-positions", "10000"),
                    count("view.verify.different", "100"),
                    number("view.verify.different-bytes", 1, Long.MAX_VALUE, "1048576"),
                    time("view.verify.round", "5s"),
                    number("program.threads", 1, MOST_KEPT, null),
                    number("program.queue", 1, MOST_KEPT, "1000"),
                    count("program.chars", "32768"),
                    number("program.steps", 1, Long.MAX_VALUE, "2000000"),
                    time("program.time", "2s"),
                    count("program.depth", "1000"),
                    number("program.built-bytes", 1, Long.MAX_VALUE, "67108864"),
                    number("program.value-bytes", 1, Long.MAX_VALUE, "1835008"),
                    count("program.values", "1000"),
                    count("job.running", "2"),
                    time("job.round", "1s"),
                    time("job.gone-after", "15s"),
                    period("job.keep", "7d"),
                    count("job.delete-most", "1000"),
                    countOrNone("job.end-retries", "10"),
                    time("job.end-pause-max", "5s"),
                    time("job.answer-timeout", "15s"),
                    countOrNone("parked.max-keys", "1000"),
                    countOrNone("parked.max-waiting", "100000"),
                    count("parked.retry-events", "200"),
                    count("parked.retry-key-chars", "65536"),
                    count("parked.error-chars", "1000"),
                    text(
                            "replica.name",
                            "[A-Za-z0-9._-]{1,253}",
                            "1 to 253 letters, digits, dots, underscores and hyphens",
                            null),
                    time("subscription.lease-duration", "10s"),
                    time("subscription.lease-round", "2s"),
                    time("subscription.lease-look", "250ms"),
                    time("subscription.end-timeout", "3s"),
                    time("subscription.unclaimed-after", "5s"),
                    time("subscription.retry-min", "100ms"),
                    time("subscription.retry-max", "15s"),
                    time("subscription.stalled-after", "10s"),
                    count("subscription.slice-max-positions", "10000"),
                    time("subscription.unmatched-interval", "1s"),
                    number("subscription.tail-max-events", 1, MOST_KEPT, "4096"),
                    number("subscription.tail-max-bytes", 0, Long.MAX_VALUE, "8388608"),
                    count("subscription.tail-read-events", "1000"),
                    time("subscription.answer-timeout", "15s"));

    /** Pairs of which the first must not be larger than the second. */
    private static final List<Order> ORDERS =
            List.of(
                    // An append of the largest size would never find room.
                    order("limits.append-bytes", "log.queue-max-bytes"),
                    // The outcome would be unknown where nothing was appended.
                    order("log.lock-timeout", "log.answer-timeout"),
                    // The connection would be closed under whoever still waits.
                    order("log.answer-timeout", "database.answer-timeout"),
                    order("log.read-timeout", "database.answer-timeout"),
                    order("view.answer-timeout", "database.answer-timeout"),
                    order("job.answer-timeout", "database.answer-timeout"),
                    order("subscription.answer-timeout", "database.answer-timeout"),
                    order("publication.database-timeout", "database.answer-timeout"),
                    order("log.head-poll-min", "log.head-poll-max"),
                    order("http.page-default", "http.page-max"),
                    order("http.bulk-pause-min", "http.bulk-pause-max"),
                    order("http.bulk-linger", "http.bulk-linger-max"),
                    order("http.wait-default", "http.wait-max"),
                    order("http.end-bodies", "http.end-timeout"),
                    order("http.end-timeout", "end.timeout"),
                    order("subscription.end-timeout", "end.timeout"),
                    order("publication.transaction-pause-min", "publication.transaction-pause-max"),
                    order("view.wait-poll-min", "view.wait-poll-max"),
                    order("view.verify.sample", "view.verify.sample-max"),
                    // A lease that is renewed less often than it ends belongs to nobody.
                    order("subscription.lease-round", "subscription.lease-duration"),
                    order("subscription.retry-min", "subscription.retry-max"));

    private Limits() {}

    private record Order(Limit smaller, Limit larger) {

        Stream<String> problem(SmallRyeConfig config) {
            return smaller.isLarger(larger, config)
                    ? Stream.of(
                            "%s is %s, more than %s, which is %s: it must not be larger"
                                    .formatted(
                                            smaller.variable(),
                                            smaller.value(config),
                                            larger.variable(),
                                            larger.value(config)))
                    : Stream.of();
        }
    }

    private static Order order(String smaller, String larger) {
        return new Order(named(smaller), named(larger));
    }

    private static Limit named(String name) {
        return ALL.stream()
                .filter(limit -> limit.property().equals("stele." + name))
                .findFirst()
                .orElseThrow();
    }

    /** What is wrong with the settings: a line each. */
    static List<String> problems(SmallRyeConfig config) {
        return Stream.concat(
                        problems(config, _ -> true),
                        ORDERS.stream().flatMap(order -> order.problem(config)))
                .toList();
    }

    /** As {@link #problems}, of what the migrations need. */
    static List<String> migrationProblems(SmallRyeConfig config) {
        return problems(config, limit -> limit.property().startsWith("stele.migrate.")).toList();
    }

    private static Stream<String> problems(SmallRyeConfig config, Predicate<Limit> needed) {
        return ALL.stream().filter(needed).flatMap(limit -> limit.problem(config).stream());
    }
}
