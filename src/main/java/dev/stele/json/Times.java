package dev.stele.json;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.regex.Pattern;

/** Times on the wire: RFC 3339, written in UTC, kept in whole microseconds. */
public final class Times {

    private static final Pattern RFC_3339 =
            Pattern.compile(
                    "\\d{4}-\\d{2}-\\d{2}[Tt]\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,9})?([Zz]|[+-]\\d{2}:\\d{2})");

    private static final int MICROSECOND_DIGITS = 6;

    private static final int LAST_YEAR = 9999;

    private static final DateTimeFormatter SECONDS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss", Locale.ROOT);

    private static final DateTimeFormatter UTC =
            new DateTimeFormatterBuilder()
                    .append(SECONDS)
                    .appendFraction(
                            ChronoField.NANO_OF_SECOND,
                            MICROSECOND_DIGITS,
                            MICROSECOND_DIGITS,
                            true)
                    .appendLiteral('Z')
                    .toFormatter(Locale.ROOT);

    private static final DateTimeFormatter UTC_WHOLE_SECONDS =
            new DateTimeFormatterBuilder()
                    .append(SECONDS)
                    .appendLiteral('Z')
                    .toFormatter(Locale.ROOT);

    private Times() {}

    /**
     * Reads a time; what is finer than a microsecond is cut off.
     *
     * @throws IllegalArgumentException when the text is not RFC 3339, also when written in UTC
     */
    public static Instant parse(String text) {
        if (!RFC_3339.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "must be a time as in RFC 3339, e.g. 2026-11-23T06:00:00Z");
        }
        try {
            return inUtc(OffsetDateTime.parse(text.toUpperCase(Locale.ROOT)));
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("must be a time that exists", e);
        }
    }

    /** RFC 3339 has years of four digits, and in UTC it may be another one. */
    private static Instant inUtc(OffsetDateTime time) {
        int year = time.withOffsetSameInstant(ZoneOffset.UTC).getYear();
        if (year < 0 || year > LAST_YEAR) {
            throw new IllegalArgumentException("must be within the years 0000 to 9999 in UTC");
        }
        return time.toInstant().truncatedTo(ChronoUnit.MICROS);
    }

    /** Writes a time: microseconds, or none when there are none. */
    public static String format(Instant time) {
        OffsetDateTime utc = time.atOffset(ZoneOffset.UTC);
        return (utc.getNano() == 0 ? UTC_WHOLE_SECONDS : UTC).format(utc);
    }
}
