package dev.stele.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimesTest {

    @ParameterizedTest
    @CsvSource({
        "2026-11-23T06:00:00Z, 2026-11-23T06:00:00Z",
        "2026-11-23t06:00:00z, 2026-11-23T06:00:00Z",
        "2026-11-23T06:00:00.5Z, 2026-11-23T06:00:00.500000Z",
        "2026-11-23T06:00:00.123456789Z, 2026-11-23T06:00:00.123456Z",
        "2026-11-23T06:00:00+01:30, 2026-11-23T04:30:00Z",
        "2026-11-23T06:00:00-00:00, 2026-11-23T06:00:00Z",
        "0000-01-01T00:00:00Z, 0000-01-01T00:00:00Z",
        "0000-01-01T00:59:59+00:59, 0000-01-01T00:00:59Z",
        "0001-01-01T00:00:00Z, 0001-01-01T00:00:00Z",
        "9999-12-31T22:59:59.999999999-01:00, 9999-12-31T23:59:59.999999Z",
        "9999-12-31T23:59:59.999999Z, 9999-12-31T23:59:59.999999Z"
    })
    void times_are_kept_in_utc_and_microseconds(String text, String kept) {
        assertEquals(kept, Times.format(Times.parse(text)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "2026-11-23",
                "2026-11-23T06:00Z",
                "2026-11-23T06:00:00",
                "2026-11-23 06:00:00Z",
                "2026-11-23T06:00:00.Z",
                "2026-11-23T06:00:00.1234567890Z",
                "2026-02-30T06:00:00Z",
                "2026-11-23T24:00:01Z",
                "2026-11-23T06:00:60Z",
                "2026-11-23T06:00:00+25:00",
                "+12026-11-23T06:00:00Z",
                "9999-12-31T23:59:59-01:00",
                "9999-12-31T23:59:59.999999-00:01",
                "0000-01-01T00:00:00+00:01",
                "0000-01-01T00:00:00+01:00",
                "1795413600"
            })
    void what_is_not_rfc_3339_or_would_not_be_in_utc_is_refused(String text) {
        assertThrows(IllegalArgumentException.class, () -> Times.parse(text));
    }
}
