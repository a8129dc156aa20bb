package dev.stele;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettingTest {

    private static final String URL = "quarkus.datasource.reactive.url";
    private static final String BROKERS = "kafka.bootstrap.servers";
    private static final String PORT = "quarkus.http.port";

    private static final Map<String, String> WHOLE =
            Map.of(
                    URL,
                    "postgresql://localhost:5432/stele",
                    "quarkus.datasource.username",
                    "stele",
                    "quarkus.datasource.password",
                    "secret",
                    BROKERS,
                    "localhost:9092");

    @Test
    void whole_settings_have_no_problem() {
        assertEquals(List.of(), problems(WHOLE));
    }

    @Test
    void the_migrations_need_those_of_the_database_only() {
        assertEquals(4, Setting.problems(config(Map.of())).size());
        assertEquals(3, Setting.databaseProblems(config(Map.of())).size());
    }

    @Test
    void a_missing_setting_is_told_by_the_name_of_its_variable_with_an_example() {
        Map<String, String> settings = new HashMap<>(WHOLE);
        settings.remove("quarkus.datasource.username");

        assertEquals(
                List.of(
                        "QUARKUS_DATASOURCE_USERNAME is not set: it must be the name of the"
                                + " PostgreSQL role that the service works as."
                                + " Example: QUARKUS_DATASOURCE_USERNAME=stele"),
                problems(settings));
    }

    @Test
    void a_blank_setting_is_missing() {
        assertEquals(1, problems(BROKERS, "  ").size());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "postgresql://db/stele",
                "postgres://db:5432/stele",
                "vertx-reactive:postgresql://db:5432/stele?sslmode=require",
                "postgresql://me:secret@db:5432/stele",
                "postgresql://[::1]:5432/stele",
                "postgresql://a:5432/stele,postgresql://b:5432/stele"
            })
    void these_addresses_of_a_database_are_understood(String url) {
        assertEquals(List.of(), problems(URL, url));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:postgresql://db/stele",
                "db:5432/stele",
                "postgresql://db:5432",
                "postgresql://db:5432/",
                "postgresql://db:65536/stele",
                "postgresql://db:port/stele",
                "postgresql:///stele",
                "mysql://db/stele",
                "postgresql://db/stele postgresql://db/stele"
            })
    void these_are_not_and_are_not_shown(String url) {
        List<String> problems = problems(URL, url);

        assertEquals(1, problems.size());
        assertTrue(problems.getFirst().startsWith("QUARKUS_DATASOURCE_REACTIVE_URL cannot be"));
        assertTrue(!problems.getFirst().contains(url));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a:1", "a:9092,b:9093", "a:9092, b:9093", "SASL_SSL://a:9092", "[::1]:9092"})
    void these_addresses_of_brokers_are_understood(String brokers) {
        assertEquals(List.of(), problems(BROKERS, brokers));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"kafka", "kafka:", ":9092", "kafka:0", "kafka:70000", "a:1,,b:2", "a:1 b:2"})
    void these_are_not(String brokers) {
        assertEquals(1, problems(BROKERS, brokers).size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "80", "8080", "65535"})
    void these_ports_are_understood(String port) {
        assertEquals(List.of(), problems(PORT, port));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "65536", "http", "80.0"})
    void these_ports_are_not(String port) {
        assertEquals(1, problems(PORT, port).size());
    }

    private static List<String> problems(String name, String value) {
        Map<String, String> settings = new HashMap<>(WHOLE);
        settings.put(name, value);
        return problems(settings);
    }

    private static List<String> problems(Map<String, String> settings) {
        return Setting.problems(config(settings));
    }

    private static SmallRyeConfig config(Map<String, String> settings) {
        return new SmallRyeConfigBuilder()
                .withSources(new PropertiesConfigSource(settings, "test", 100))
                .build();
    }
}
