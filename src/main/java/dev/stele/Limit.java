package dev.stele;

import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.SmallRyeConfig;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A setting of the service's own. It has a default, or may be absent, and must be of some form.
 *
 * @param property its name in configuration files
 * @param initial its default, as the setting's own declaration has it; null: it may be absent
 */
record Limit(String property, Form form, @Nullable String initial) {

    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofHours(24);
    private static final Duration LONGEST_PERIOD = Duration.ofDays(3_660);
    private static final int MOST_SHOWN = 60;

    /** What a value may be. */
    sealed interface Form {

        /** A whole number, both bounds inclusive. */
        record Whole(long min, long max) implements Form {}

        /** A time, both bounds inclusive. */
        record Time(Duration min, Duration max) implements Form {}

        /** A text, described in words. */
        record Text(Pattern valid, String words) implements Form {}
    }

    static Limit number(String name, long min, long max, @Nullable String initial) {
        return new Limit("stele." + name, new Form.Whole(min, max), initial);
    }

    /** A number of things of which there must be one at least. */
    static Limit count(String name, String initial) {
        return number(name, 1, Integer.MAX_VALUE, initial);
    }

    /** As {@link #count}, of what may also not be at all. */
    static Limit countOrNone(String name, String initial) {
        return number(name, 0, Integer.MAX_VALUE, initial);
    }

    /** A time that somebody waits for something: none at all would be to give up at once. */
    static Limit time(String name, String initial) {
        return new Limit("stele." + name, new Form.Time(SHORTEST, LONGEST), initial);
    }

    /** A time that may also be none. */
    static Limit timeOrNone(String name, String initial) {
        return new Limit("stele." + name, new Form.Time(Duration.ZERO, LONGEST), initial);
    }

    /** How long something is kept, or how seldom it happens; null: it may be absent. */
    static Limit period(String name, @Nullable String initial) {
        return new Limit("stele." + name, new Form.Time(SHORTEST, LONGEST_PERIOD), initial);
    }

    static Limit text(String name, String valid, String words, @Nullable String initial) {
        Pattern pattern = Pattern.compile(valid, Pattern.CASE_INSENSITIVE);
        return new Limit("stele." + name, new Form.Text(pattern, words), initial);
    }

    /** What is wrong with the value, in a line. */
    Optional<String> problem(SmallRyeConfig config) {
        String value = config.getConfigValue(property).getValue();
        if (value == null || (value.isBlank() && initial == null) || isValid(value.strip())) {
            return Optional.empty();
        }
        String otherwise = initial == null ? "It may be left out" : "Default: " + initial;
        return Optional.of(
                "%s is %s: it must be %s. %s"
                        .formatted(variable(), shown(value), allowed(), otherwise));
    }

    /** Whether this one, as it is set, is larger than another one of the same form. */
    boolean isLarger(Limit other, SmallRyeConfig config) {
        String value = value(config);
        String than = other.value(config);
        if (!isValid(value) || !other.isValid(than)) {
            return false;
        }
        return switch (form) {
            case Form.Whole _ -> Long.parseLong(value) > Long.parseLong(than);
            case Form.Time _ ->
                    DurationConverter.parseDuration(value)
                                    .compareTo(DurationConverter.parseDuration(than))
                            > 0;
            case Form.Text _ -> false;
        };
    }

    /** The value that holds. */
    String value(SmallRyeConfig config) {
        String value = config.getConfigValue(property).getValue();
        return value == null ? String.valueOf(initial) : value.strip();
    }

    /** The name of the environment variable, as MicroProfile Config derives it. */
    String variable() {
        return property.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT);
    }

    boolean isValid(String value) {
        try {
            return switch (form) {
                case Form.Whole(long min, long max) -> {
                    long number = Long.parseLong(value);
                    yield min <= number && number <= max;
                }
                case Form.Time(Duration min, Duration max) -> {
                    Duration time = DurationConverter.parseDuration(value);
                    yield time.compareTo(min) >= 0 && time.compareTo(max) <= 0;
                }
                case Form.Text(Pattern valid, _) -> valid.matcher(value).matches();
            };
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    private String allowed() {
        return switch (form) {
            case Form.Whole(long min, long max) ->
                    "a whole number from %d to %d".formatted(min, max);
            case Form.Time(Duration min, Duration max) ->
                    "a time from %s to %s, e.g. 500ms, 5s or 1m"
                            .formatted(min.isZero() ? "0s" : "1ms", max.toHours() + "h");
            case Form.Text(_, String words) -> words;
        };
    }

    private static String shown(String value) {
        String line = value.strip().replaceAll("\\p{Cntrl}", "?");
        return "'"
                + (line.length() > MOST_SHOWN ? line.substring(0, MOST_SHOWN) + "…" : line)
                + "'";
    }
}
