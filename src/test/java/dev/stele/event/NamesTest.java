package dev.stele.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {

    @ParameterizedTest
    @CsvSource({"account-42, account", "account, account", "a-b-c, a", "-x, ''"})
    void a_category_is_what_stands_before_the_first_dash(String stream, String category) {
        assertEquals(category, new StreamId(stream).category());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a/b", "a\n", "\u0000", "\u0085", "\ud800", "\udc00a"})
    void names_that_cannot_be_kept_or_addressed_are_refused(String name) {
        assertThrows(IllegalArgumentException.class, () -> new StreamId(name));
        assertThrows(IllegalArgumentException.class, () -> new EventType(name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", ".."})
    void senders_give_names_that_an_address_can_carry(String name) {
        assertThrows(IllegalArgumentException.class, () -> StreamId.named(name));
        assertThrows(IllegalArgumentException.class, () -> EventType.named(name));
        assertEquals("..." + name, StreamId.named("..." + name).value());
    }

    @ParameterizedTest
    @ValueSource(strings = {".", ".."})
    void names_that_were_accepted_once_can_be_read(String name) {
        assertEquals(name, new StreamId(name).value());
        assertEquals(name, new EventType(name).value());
    }

    @Test
    void the_length_of_a_name_is_counted_in_bytes_of_utf_8() {
        assertEquals(63, new StreamId("😀".repeat(63)).value().codePointCount(0, 126));
        assertThrows(IllegalArgumentException.class, () -> new StreamId("😀".repeat(64)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "ab", ":b", "a:", "a:b\n"})
    void tags_have_a_name_and_a_value(String tag) {
        assertThrows(IllegalArgumentException.class, () -> new Tag(tag));
    }

    @Test
    void ids_of_version_7_begin_with_the_time() {
        Clock clock = Clock.fixed(Instant.ofEpochMilli(0x0123456789abL), ZoneOffset.UTC);

        UUID id = new EventIds(clock, new SecureRandom()).next().value();

        assertEquals(0x0123456789abL, id.getMostSignificantBits() >>> 16);
        assertEquals(7, id.version());
        assertEquals(2, id.variant());
    }

    @Test
    void named_ids_are_those_of_rfc_9562() {
        // The example of the RFC's appendix A.4.
        UUID dns = UUID.fromString("6ba7b810-9dad-11d1-80b4-00c04fd430c8");

        assertEquals(
                "2ed6657d-e927-568b-95e1-2665a8aea6a2",
                EventIds.named(dns, "www.example.com").toString());
    }

    @Test
    void an_idempotency_key_gives_each_event_an_id_of_its_own() {
        StreamId stream = new StreamId("a-1");

        assertEquals(EventIds.ofKey(stream, "k", 0), EventIds.ofKey(stream, "k", 0));
        assertEquals(
                4,
                Set.of(
                                EventIds.ofKey(stream, "k", 0),
                                EventIds.ofKey(stream, "k", 1),
                                EventIds.ofKey(stream, "l", 0),
                                EventIds.ofKey(new StreamId("a-2"), "k", 0))
                        .size());
    }
}
