package dev.stele;

import io.smallrye.config.SmallRyeConfig;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * A setting that the service cannot start without, or not with any value.
 *
 * <p>What is said about one never quotes its value: an address may hold a password.
 *
 * @param property its name in configuration files
 * @param required whether it has no default
 * @param shape what it should look like, in words
 */
record Setting(String property, boolean required, Pattern valid, String shape, String example) {

    private static final String HOST = "([^\\s/@:,\\[\\]]+|\\[[0-9A-Fa-f:.]+])";
    private static final String PORT =
            "([1-9]\\d{0,3}|[1-5]\\d{4}|6[0-4]\\d{3}|65[0-4]\\d\\d|655[0-2]\\d|6553[0-5])";

    private static final List<Setting> ALL =
            List.of(
                    new Setting(
                            "quarkus.datasource.reactive.url",
                            true,
                            listOf(
                                    "(vertx-reactive:)?postgres(ql)?://([^\\s/@,]*@)?"
                                            + HOST
                                            + "(:"
                                            + PORT
                                            + ")?/[^\\s/?,]+(\\?\\S*)?"),
                            "the address of the PostgreSQL database,"
                                    + " postgresql://<host>:<port>/<database>",
                            "postgresql://db.example.com:5432/stele"),
                    new Setting(
                            "quarkus.datasource.username",
                            true,
                            Pattern.compile(".*\\S.*"),
                            "the name of the PostgreSQL role that the service works as",
                            "stele"),
                    new Setting(
                            "quarkus.datasource.password",
                            true,
                            Pattern.compile(".+", Pattern.DOTALL),
                            "the password of that role; any text where PostgreSQL asks for none",
                            "secret"),
                    new Setting(
                            "kafka.bootstrap.servers",
                            true,
                            listOf("([A-Za-z0-9_]+://)?" + HOST + ":" + PORT),
                            "the addresses of Kafka brokers, <host>:<port>, with commas between",
                            "kafka-1.example.com:9092,kafka-2.example.com:9092"),
                    new Setting(
                            "quarkus.http.port",
                            false,
                            Pattern.compile("0|" + PORT),
                            "the port that the service listens on, a whole number up to 65535",
                            "8080"));

    /** What is wrong with the settings: a line each, for the person who starts the service. */
    static List<String> problems(SmallRyeConfig config) {
        return problems(config, _ -> true);
    }

    /** As {@link #problems}, of what the migrations need. */
    static List<String> databaseProblems(SmallRyeConfig config) {
        return problems(config, setting -> setting.property.startsWith("quarkus.datasource."));
    }

    private static List<String> problems(SmallRyeConfig config, Predicate<Setting> needed) {
        return ALL.stream()
                .filter(needed)
                .flatMap(setting -> setting.problem(config).stream())
                .toList();
    }

    private Optional<String> problem(SmallRyeConfig config) {
        String value = config.getOptionalValue(property, String.class).orElse("").strip();
        if (value.isEmpty()) {
            return required ? Optional.of(line("is not set")) : Optional.empty();
        }
        return valid.matcher(value).matches()
                ? Optional.empty()
                : Optional.of(line("cannot be understood"));
    }

    private String line(String problem) {
        return "%s %s: it must be %s. Example: %s=%s"
                .formatted(variable(), problem, shape, variable(), example);
    }

    /** The name of the environment variable, as MicroProfile Config derives it. */
    private String variable() {
        return property.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT);
    }

    private static Pattern listOf(String one) {
        return Pattern.compile(one + "(\\s*,\\s*" + one + ")*");
    }
}
