package dev.stele;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.WithDefault;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class LimitsTest {

    /** A role and a password of the migrations may be anything. */
    private static final List<String> FREE =
            List.of("stele.migrate.username", "stele.migrate.password");

    @Test
    void every_setting_that_is_declared_is_checked_and_has_the_same_default() {
        Map<String, String> declared = new TreeMap<>();
        new ClassFileImporter()
                        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                        .importPackages("dev.stele")
                        .stream()
                        .filter(one -> one.isAnnotatedWith(ConfigMapping.class))
                        .map(JavaClass::reflect)
                        .forEach(
                                mapping ->
                                        declare(
                                                declared,
                                                mapping.getAnnotation(ConfigMapping.class).prefix(),
                                                mapping));
        FREE.forEach(declared::remove);
        Map<String, String> checked = new TreeMap<>();
        Limits.ALL.forEach(limit -> checked.put(limit.property(), String.valueOf(limit.initial())));

        assertEquals(declared, checked);
    }

    @Test
    void the_defaults_have_no_problem() {
        assertEquals(List.of(), problems(Map.of()));
        Limits.ALL.forEach(
                limit -> {
                    if (limit.initial() != null) {
                        assertTrue(limit.isValid(limit.initial()), limit.property());
                    }
                });
    }

    /** All but names, which may be nearly anything. */
    static List<Limit> strict() {
        List<String> names =
                List.of("stele.topic.prefix", "stele.replica.name", "stele.http.webhook-origins");
        return Limits.ALL.stream().filter(limit -> !names.contains(limit.property())).toList();
    }

    @ParameterizedTest
    @MethodSource("strict")
    void no_setting_may_be_negative_or_nonsense(Limit limit) {
        for (String value : List.of("-1", "-5s", "PT-1S", "a b", "1e3", "9".repeat(30))) {
            List<String> problems = problems(Map.of(limit.property(), value));

            assertEquals(1, problems.size(), problems.toString());
            String line = problems.getFirst();
            assertTrue(line.startsWith(limit.variable() + " is '" + value + "': "), line);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "stele.log.queue-max-appends, 0",
        "stele.log.batch-max-events, 0",
        "stele.log.connect-timeout, 0s",
        "stele.subscription.lease-duration, 25h",
        "stele.migrate.at-start, flase",
        "stele.publication.delivery, once",
        "stele.topic.prefix, a/b",
        "stele.replica.name, a/b",
        "stele.http.webhook-origins, -a",
        "stele.http.webhook-origins, https://a.example.com",
        "stele.http.webhook-rate, 0",
        "stele.topic.replication-factor, 0",
        "stele.program.threads, 0",
        "stele.view.key-bytes, 100000"
    })
    void these_are_refused(String property, String value) {
        assertEquals(1, problems(Map.of(property, value)).size());
    }

    @ParameterizedTest
    @CsvSource({
        "stele.log.recent-max-events, 0",
        "stele.log.recent-max-bytes, 0",
        "stele.limits.event-tags, 0",
        "stele.http.bulk-retries, 0",
        "stele.http.wait-default, 0s",
        "stele.publication.transaction-pause-min, 0s",
        "stele.migrate.give-up-after, 0s",
        "stele.migrate.at-start, FALSE",
        "stele.publication.delivery, AT_LEAST_ONCE",
        "stele.topic.replication-factor, ''",
        "stele.program.threads, 2"
    })
    void these_are_allowed(String property, String value) {
        assertEquals(List.of(), problems(Map.of(property, value)));
    }

    @Test
    void a_line_says_the_variable_the_value_and_what_is_allowed() {
        assertEquals(
                List.of(
                        "STELE_LOG_CONNECT_TIMEOUT is '0s': it must be a time from 1ms to 24h,"
                                + " e.g. 500ms, 5s or 1m. Default: 5s",
                        "STELE_LOG_RECENT_MAX_EVENTS is '-1': it must be a whole number from 0 to"
                                + " 1000000. Default: 4096",
                        "STELE_TOPIC_REPLICATION_FACTOR is '0': it must be a whole number from 1 to"
                                + " 32767. It may be left out"),
                problems(
                        Map.of(
                                "stele.log.recent-max-events", "-1",
                                "stele.topic.replication-factor", "0",
                                "stele.log.connect-timeout", "0s")));
    }

    @Test
    void an_empty_value_is_no_number() {
        assertEquals(
                List.of(
                        "STELE_HTTP_PAGE_MAX is '': it must be a whole number from 1 to"
                                + " 2147483647. Default: 1000"),
                problems(Map.of("stele.http.page-max", "")));
    }

    @Test
    void two_settings_that_contradict_each_other_are_told_together() {
        assertEquals(
                List.of(
                        "STELE_HTTP_PAGE_DEFAULT is 100, more than STELE_HTTP_PAGE_MAX, which is"
                                + " 50: it must not be larger"),
                problems(Map.of("stele.http.page-max", "50")));
        assertEquals(
                List.of(
                        "STELE_SUBSCRIPTION_LEASE_ROUND is 2s, more than"
                                + " STELE_SUBSCRIPTION_LEASE_DURATION, which is 1500ms: it must not"
                                + " be larger"),
                problems(Map.of("stele.subscription.lease-duration", "1500ms")));
    }

    @Test
    void the_migrations_need_their_own_only() {
        Map<String, String> settings =
                Map.of("stele.http.page-max", "0", "stele.migrate.retry-max", "0s");

        assertEquals(1, Limits.migrationProblems(config(settings)).size());
        assertEquals(2, problems(settings).size());
    }

    private static void declare(Map<String, String> all, String prefix, Class<?> mapping) {
        for (Method method : mapping.getDeclaredMethods()) {
            String name = prefix + "." + hyphenated(method.getName());
            if (method.getReturnType().isInterface()) {
                declare(all, name, method.getReturnType());
            } else {
                WithDefault initial = method.getAnnotation(WithDefault.class);
                all.put(name, initial == null ? "null" : initial.value());
            }
        }
    }

    private static String hyphenated(String name) {
        return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    private static List<String> problems(Map<String, String> settings) {
        return Limits.problems(config(settings)).stream().sorted().toList();
    }

    private static SmallRyeConfig config(Map<String, String> settings) {
        return new SmallRyeConfigBuilder()
                .withSources(new PropertiesConfigSource(settings, "test", 100))
                .build();
    }
}
