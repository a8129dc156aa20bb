package dev.stele.view;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stele.event.EventId;
import dev.stele.event.EventType;
import dev.stele.event.GlobalPosition;
import dev.stele.event.Payload;
import dev.stele.event.RecordedEvent;
import dev.stele.event.References;
import dev.stele.event.StreamId;
import dev.stele.event.StreamVersion;
import dev.stele.json.CanonicalJson;
import dev.stele.subscription.Parking;
import dev.stele.subscription.Slices;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProjectionTest {

    private static final String BALANCES =
            """
            {'key': '.stream', 'initial': {'balance': 0},
             'on': {'Opened': '.owner = $event.data.owner', 'Paid': '.balance += $event.data.amount',
                    'Closed': 'empty'}}
            """;

    private static final Projection.Limits LIMITS = new Projection.Limits(1000, 1 << 20, 100);
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final List<RecordedEvent> log = new ArrayList<>();

    @Test
    void events_are_folded_one_after_the_other() {
        given("Opened", "account-1", "{'owner':'ann'}");
        given("Paid", "account-1", "{'amount':10}");
        given("Paid", "account-2", "{'amount':1.5}");
        given("Paid", "account-1", "{'amount':-3}");
        assertEquals(
                Map.of(
                        "account-1", "{'balance':7,'owner':'ann'}",
                        "account-2", "{'balance':1.5}"),
                entries(fold(BALANCES)));
    }

    @Test
    void an_entry_has_the_place_and_time_of_its_last_event() {
        given("Paid", "account-1", "{'amount':1}");
        given("Paid", "account-2", "{'amount':1}");
        given("Paid", "account-1", "{'amount':1}");
        Change.Written entry = (Change.Written) fold(BALANCES).changes().get("account-1");
        assertNotNull(entry);
        assertEquals(new GlobalPosition(3), entry.position());
        assertEquals(START.plusSeconds(3), entry.recordedAt());
    }

    @Test
    void no_state_removes_the_entry_and_the_next_event_begins_anew() {
        given("Paid", "account-1", "{'amount':5}");
        given("Closed", "account-1", "{}");
        assertEquals(
                new Change.Removed(new GlobalPosition(2), START.plusSeconds(2)),
                fold(BALANCES).changes().get("account-1"));
        given("Paid", "account-1", "{'amount':1}");
        assertEquals(Map.of("account-1", "{'balance':1}"), entries(fold(BALANCES)));
    }

    @Test
    void a_loaded_entry_is_where_the_fold_goes_on() {
        given("Paid", "account-1", "{'amount':5}");
        var loaded =
                new Projection.Loaded(
                        Map.of("account-1", CanonicalJson.tree("{\"balance\":1.5}")), Set.of());
        assertEquals(
                Map.of("account-1", "{'balance':6.5}"),
                entries(fold(Definitions.compiled(BALANCES), log, loaded, LIMITS)));
    }

    @Test
    void events_without_a_handler_are_ignored_even_where_their_key_would_fail() {
        given("Other", "account-1", "{}");
        Projection.Folded folded = fold("{'key':'error','on':{'Paid':'.'}}");
        assertEquals(new Projection.End(new GlobalPosition(1), null), folded.end());
        assertTrue(folded.changes().isEmpty());
    }

    @Test
    void the_star_takes_only_what_no_other_handler_takes() {
        given("A", "s-1", "{}");
        given("B", "s-2", "{}");
        assertEquals(
                Map.of("s-1", "'a'", "s-2", "'other'"),
                entries(fold("{'key':'.stream','on':{'*':'\\'other\\'','A':'\\'a\\''}}")));
    }

    @Test
    void an_event_may_concern_many_entries_or_none_and_repeats_count_once() {
        given("A", "s-1", "{'to':['x','y','x']}");
        given("A", "s-1", "{'to':[]}");
        given("A", "s-1", "{'to':['y']}");
        assertEquals(
                Map.of("x", "1", "y", "2"),
                entries(fold("{'key':'.data.to[]','initial':0,'on':{'A':'.+1'}}")));
    }

    @Test
    void a_handler_sees_the_event_and_its_key() {
        given("A", "s-1", "{'n':1}");
        assertEquals(
                Map.of("s-1", "['s-1',1,1]"),
                entries(
                        fold(
                                "{'key':'.stream','on':{'A':'[$key,$event.position,$event.data.n]'}}")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'key':'.stream','on':{'Good':'1','Bad':'error(1)'}}",
                "{'key':'.stream','on':{'Good':'1','Bad':'1,2'}}",
                "{'key':'.stream','on':{'Good':'1','Bad':'[limit(1;repeat(1)|select(false))]'}}",
                "{'key':'.stream','on':{'Good':'1','Bad':'[0]|implode'}}",
                "{'key':'.stream','on':{'Good':'1','Bad':'\\'x\\'*2000000'}}",
                "{'key':'if .type==\\'Bad\\' then 1 else .stream end','on':{'*':'1'}}",
                "{'key':'if .type==\\'Bad\\' then error else .stream end','on':{'*':'1'}}",
                "{'key':'if .type==\\'Bad\\' then \\'x\\'*101 else .stream end','on':{'*':'1'}}",
                "{'key':'if .type==\\'Bad\\' then ([0]|implode) else .stream end','on':{'*':'1'}}",
                "{'key':'.stream,(if .type==\\'Bad\\' then null else empty end)','on':{'*':'1'}}",
                "{'key':'if .type==\\'Bad\\' then \\'\\' else .stream end','on':{'*':'1'}}",
                "{'key':'if .type==\\'Bad\\' then \\'.\\' else .stream end','on':{'*':'1'}}",
                "{'key':'if .type==\\'Bad\\' then \\'..\\' else .stream end','on':{'*':'1'}}",
            })
    void what_cannot_be_folded_is_parked_and_the_others_go_on(String definition) {
        given("Good", "s-1", "{}");
        given("Bad", "s-2", "{}");
        given("Good", "s-2", "{}");
        given("Good", "s-3", "{}");
        Parking parking = Slices.nothingParked();
        Projection.Folded folded =
                fold(Definitions.compiled(definition), log, nothingLoaded(), LIMITS, parking);
        assertEquals(Map.of("s-1", "1", "s-3", "1"), entries(folded));
        assertEquals(new Projection.End(new GlobalPosition(4), null), folded.end());
        assertEquals(
                List.of("s-2 fails at 2", "s-2 waits at 2", "s-2 waits at 3"),
                Slices.legible(parking.upTo(folded.end().checkpoint())));
    }

    @Test
    void an_event_is_folded_into_its_other_entries_when_it_fails_for_one() {
        given("A", "s-1", "{'to':['x','y']}");
        given("A", "s-1", "{'to':['y','z']}");
        Parking parking = Slices.nothingParked();
        Projection.Folded folded =
                fold(
                        Definitions.compiled(
                                "{'key':'.data.to[]','on':{'A':'if $key==\\'y\\' then error else 1"
                                        + " end'}}"),
                        log,
                        nothingLoaded(),
                        LIMITS,
                        parking);
        assertEquals(Map.of("x", "1", "z", "1"), entries(folded));
        assertEquals(
                List.of("y fails at 1", "y waits at 1", "y waits at 2"),
                Slices.legible(parking.upTo(folded.end().checkpoint())));
    }

    @Test
    void a_batch_ends_before_the_event_that_would_touch_too_many_entries() {
        given("A", "s-1", "{'to':['a','b','c']}");
        given("A", "s-1", "{'to':['a']}");
        given("A", "s-1", "{'to':['d']}");
        Projection.Folded folded =
                fold(
                        Definitions.compiled("{'key':'.data.to[]','on':{'A':'.+1'}}"),
                        log,
                        nothingLoaded(),
                        new Projection.Limits(2, 1 << 20, 100));
        assertEquals(new Projection.End(new GlobalPosition(1), null), folded.end());
        assertEquals(3, folded.changes().size());
    }

    @Test
    void a_batch_ends_before_an_event_whose_entry_was_too_much_to_load() {
        given("A", "s-1", "{}");
        given("A", "s-2", "{}");
        Projection.Folded folded =
                fold(
                        Definitions.compiled("{'key':'.stream','on':{'A':'.+1'}}"),
                        log,
                        new Projection.Loaded(Map.of(), Set.of("s-2")),
                        LIMITS);
        assertEquals(Map.of("s-1", "1"), entries(folded));
        assertEquals(new Projection.End(new GlobalPosition(1), null), folded.end());
    }

    @Test
    void a_batch_ends_when_it_holds_too_many_bytes_or_takes_too_long() {
        given("A", "s-1", "{}");
        given("A", "s-2", "{}");
        CompiledView view = Definitions.compiled("{'key':'.stream','on':{'A':'\\'long\\'*9'}}");
        var small = new Projection.Limits(1000, 8, 100);
        assertNull(fold(view, log, nothingLoaded(), small).end().because());
        assertEquals(
                new GlobalPosition(1), fold(view, log, nothingLoaded(), small).end().checkpoint());
        Projection slow = new Projection(view, LIMITS, () -> true);
        assertEquals(
                new GlobalPosition(1),
                slow.keyed(Slices.of(log), Slices.nothingParked()).end().checkpoint());
    }

    @Test
    void entries_do_not_depend_on_where_batches_end() {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        for (int i = 0; i < 300; i++) {
            String amount =
                    List.of("0.1", "1e20", "10.0", "9007199254740993", "-3.25", "7")
                            .get(random.nextInt(6));
            given("Paid", "a-" + random.nextInt(4), "{'amount':" + amount + "}");
        }
        CompiledView view =
                Definitions.compiled(
                        """
                        {'key': '.stream, (.stream | .[0:1])', 'initial': {'sum': 0, 'seen': []},
                         'on': {'Paid': '.sum += ($event.data.amount * 1.5) | .seen = (.seen + [$event.data.amount, (.sum | tostring)])[-4:] | if (.seen | length) > 3 and $event.position % 7 == 0 then empty else . end'}}
                        """);
        Map<String, String> whole = entries(fold(view, log, nothingLoaded(), LIMITS));
        assertEquals(whole, storedInBatches(view, random), "seed " + seed);
    }

    private Map<String, String> storedInBatches(CompiledView view, Random random) {
        Map<String, String> stored = new HashMap<>();
        int at = 0;
        while (at < log.size()) {
            int end = Math.min(log.size(), at + 1 + random.nextInt(9));
            var loaded = new EntryTable.Texts(Map.of(), stored, Set.of()).parsed();
            fold(view, log.subList(at, end), loaded, LIMITS)
                    .changes()
                    .forEach(
                            (key, change) -> {
                                switch (change) {
                                    case Change.Written written -> stored.put(key, written.text());
                                    case Change.Removed _ -> stored.remove(key);
                                }
                            });
            at = end;
        }
        Map<String, String> legible = new TreeMap<>();
        stored.forEach((key, text) -> legible.put(key, text.replace('"', '\'')));
        return legible;
    }

    private void given(String type, String stream, String data) {
        int position = log.size() + 1;
        log.add(
                new RecordedEvent(
                        new GlobalPosition(position),
                        new StreamId(stream),
                        new StreamVersion(position),
                        new EventId(new UUID(1, position)),
                        new EventType(type),
                        null,
                        START.plusSeconds(position),
                        null,
                        null,
                        Payload.of(Definitions.json(data)),
                        null,
                        null,
                        References.NONE,
                        List.of(),
                        null));
    }

    private Projection.Folded fold(String definition) {
        return fold(Definitions.compiled(definition), log, nothingLoaded(), LIMITS);
    }

    private static Projection.Folded fold(
            CompiledView view,
            List<RecordedEvent> events,
            Projection.Loaded loaded,
            Projection.Limits limits) {
        return fold(view, events, loaded, limits, Slices.nothingParked());
    }

    private static Projection.Folded fold(
            CompiledView view,
            List<RecordedEvent> events,
            Projection.Loaded loaded,
            Projection.Limits limits,
            Parking parking) {
        Projection projection = new Projection(view, limits, () -> false);
        return projection.fold(projection.keyed(Slices.of(events), parking), loaded, parking);
    }

    private static Projection.Loaded nothingLoaded() {
        return new Projection.Loaded(Map.of(), new HashSet<>());
    }

    private static Map<String, String> entries(Projection.Folded folded) {
        Map<String, String> entries = new TreeMap<>();
        folded.changes()
                .forEach(
                        (key, change) -> {
                            if (change instanceof Change.Written written) {
                                entries.put(key, written.text().replace('"', '\''));
                            }
                        });
        return entries;
    }
}
