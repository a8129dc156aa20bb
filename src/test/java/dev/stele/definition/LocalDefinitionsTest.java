package dev.stele.definition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stele.json.Parsed.Flaw;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LocalDefinitionsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Programs programs = ProgramsTest.programs(Map.of());
    private final Songs songs = new Songs();
    private final LocalDefinitions<Song, String> known = new LocalDefinitions<>(songs, programs);

    @AfterEach
    void end_the_threads() {
        programs.close();
    }

    /** A version of something that needs no database. Its text is {@code wrong} or runs. */
    private record Song(String key, int number, boolean runs, String text)
            implements LocalDefinitions.Version {

        @Override
        public String label() {
            return "song %s version %d".formatted(key, number);
        }
    }

    private static Song song(String key, int number) {
        return new Song(key, number, true, "");
    }

    private static Song paused(String key, int number) {
        return new Song(key, number, false, "");
    }

    private static Song wrong(String key, int number) {
        return new Song(key, number, true, "wrong");
    }

    /** What is stored is what the test says; what happens is written down. */
    private static final class Songs implements LocalDefinitions.Kind<Song, String> {

        private final List<CompletableFuture<List<Song>>> readings = new CopyOnWriteArrayList<>();
        private final List<String> events = new CopyOnWriteArrayList<>();
        private volatile List<Song> all = List.of();

        @Override
        public String label() {
            return "songs";
        }

        @Override
        public Uni<List<Song>> read(List<Song> known) {
            CompletableFuture<List<Song>> reading = new CompletableFuture<>();
            readings.add(reading);
            return Uni.createFrom().completionStage(reading);
        }

        @Override
        public Understood<String> understand(Song version) {
            events.add("understand " + version.label());
            return version.text().equals("wrong")
                    ? new Understood.Refused<>(
                            new PutResult.Invalid(List.of(new Flaw("/text", "is wrong"))))
                    : new Understood.Runs<>(version.key() + " " + version.number());
        }

        @Override
        public void start(String runs) {
            events.add("start " + runs);
        }

        @Override
        public void stop(String runs) {
            events.add("stop " + runs);
        }

        @Override
        public Uni<Void> started() {
            events.add("started");
            return Uni.createFrom().voidItem();
        }

        @Override
        public void refreshed(List<Song> found) {
            all = found;
        }

        @Override
        public Uni<Void> round() {
            return Uni.createFrom().voidItem();
        }

        List<String> happened() {
            List<String> happened = new ArrayList<>(events);
            events.clear();
            return happened;
        }
    }

    @Test
    void what_is_found_is_started_and_what_is_gone_is_stopped() {
        refresh(song("a", 1), song("b", 1));
        assertEquals(
                List.of(
                        "understand song a version 1",
                        "understand song b version 1",
                        "start a 1",
                        "start b 1",
                        "started"),
                songs.happened());
        assertEquals(Optional.of("a 1"), known.get("a"));

        refresh(song("b", 1));
        assertEquals(List.of("stop a 1"), songs.happened());
        assertEquals(Optional.empty(), known.get("a"));
        assertEquals(List.of("b 1"), known.all());
    }

    @Test
    void a_version_is_understood_once() {
        refresh(song("a", 1));
        songs.happened();

        refresh(song("a", 1));
        assertEquals(List.of(), songs.happened());
    }

    @Test
    void a_changed_definition_replaces_the_one_before() {
        refresh(song("a", 1));
        songs.happened();

        refresh(song("a", 2));
        assertEquals(
                List.of("understand song a version 2", "stop a 1", "start a 2", "started"),
                songs.happened());
        assertEquals(Optional.of("a 2"), known.get("a"));
    }

    @Test
    void a_reading_that_began_before_one_that_is_in_effect_is_ignored() {
        CompletableFuture<Void> early = beginToRefresh();
        CompletableFuture<Void> late = beginToRefresh();
        songs.readings.get(1).complete(List.of(song("a", 2)));
        late.join();
        songs.happened();

        songs.readings.get(0).complete(List.of(song("a", 1), song("gone", 1)));
        early.join();

        assertEquals(Optional.of("a 2"), known.get("a"));
        assertEquals(Optional.empty(), known.get("gone"));
        assertEquals(List.of(song("a", 2)), songs.all);
        assertTrue(
                songs.happened().stream().allMatch(event -> event.startsWith("understand")),
                "an old reading starts and stops nothing");
    }

    @Test
    void two_readings_of_the_same_start_it_once() {
        CompletableFuture<Void> first = beginToRefresh();
        CompletableFuture<Void> second = beginToRefresh();
        songs.readings.get(0).complete(List.of(song("a", 1)));
        first.join();
        songs.readings.get(1).complete(List.of(song("a", 1)));
        second.join();

        assertEquals(
                1, songs.happened().stream().filter(event -> event.equals("start a 1")).count());
    }

    @Test
    void a_broken_stored_definition_is_kept_with_the_reason_and_holds_up_no_other() {
        refresh(wrong("a", 1), song("b", 1));
        assertTrue(
                known.problem("a").orElseThrow().startsWith("the stored definition is refused"),
                known.problem("a").toString());
        assertEquals(Optional.empty(), known.get("a"));
        assertEquals(Optional.empty(), known.problem("b"));
        assertEquals(Optional.of("b 1"), known.get("b"));
        songs.happened();

        refresh(wrong("a", 1), song("b", 1));
        assertEquals(List.of(), songs.happened());

        refresh(song("a", 2), song("b", 1));
        assertEquals(Optional.empty(), known.problem("a"));
        assertEquals(
                List.of("understand song a version 2", "start a 2", "started"), songs.happened());
    }

    @Test
    void a_change_that_is_broken_stops_what_ran() {
        refresh(song("a", 1));
        songs.happened();

        refresh(wrong("a", 2));
        assertEquals(List.of("understand song a version 2", "stop a 1"), songs.happened());
        assertEquals(Optional.empty(), known.get("a"));
    }

    @Test
    void what_is_paused_is_made_and_not_started() {
        refresh(paused("a", 1));
        assertEquals(List.of("understand song a version 1"), songs.happened());
        assertEquals(Optional.of("a 1"), known.get("a"));

        refresh(song("a", 1));
        assertEquals(List.of("start a 1", "started"), songs.happened());

        refresh(paused("a", 1));
        assertEquals(List.of("stop a 1"), songs.happened());
    }

    @Test
    void a_reading_that_fails_changes_nothing_and_the_next_one_goes_on() {
        refresh(song("a", 1));
        songs.happened();
        CompletableFuture<Void> failing = beginToRefresh();
        songs.readings.getLast().completeExceptionally(new IllegalStateException("no database"));
        failing.join();
        assertEquals(List.of(), songs.happened());
        assertEquals(Optional.of("a 1"), known.get("a"));

        refresh(song("a", 2));
        assertEquals(Optional.of("a 2"), known.get("a"));
    }

    /** A reading finds these. */
    private void refresh(Song... stored) {
        CompletableFuture<Void> refresh = beginToRefresh();
        songs.readings.getLast().complete(List.of(stored));
        refresh.join();
    }

    private CompletableFuture<Void> beginToRefresh() {
        return known.refresh().ifNoItem().after(PATIENCE).fail().subscribeAsCompletionStage();
    }
}
