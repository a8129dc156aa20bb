package dev.stele.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stele.crash.Book.Fate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What must hold when everything is up again and nobody writes any more. */
final class Aftermath {

    private static final int MOST_REPEATS = 300;

    private final Book book;
    private final Replicas replicas;
    private final Random random;
    private final Losses losses;
    private final CarefulClient client;
    private final List<SeenEvent> log;
    private final Map<String, List<SeenEvent>> streams;

    Aftermath(Book book, Replicas replicas, Random random) {
        this(book, replicas, random, new Losses());
    }

    /** Settles what is in doubt, so that nothing more can happen, and reads the whole log. */
    Aftermath(Book book, Replicas replicas, Random random, Losses losses) {
        this.book = book;
        this.replicas = replicas;
        this.random = random;
        this.losses = losses;
        this.client = new CarefulClient(replicas, book, random, _ -> {});
        book.appends()
                .forEach(
                        (append, fate) -> {
                            if (fate instanceof Fate.LeftInDoubt) {
                                client.comeBackTo(append);
                            }
                        });
        this.log = replicas.all("/v1/events?limit=1000", "events", SeenEvent::of);
        this.streams = byStream(log);
    }

    void requireEverything(Published published) {
        requireTheLog();
        requirePublished(published);
        requireWhatIsMadeOfIt();
    }

    /** What is in it, and that it is whole. */
    void requireTheLog() {
        requireOneDenseOrder();
        requireWhatTheBookSays();
    }

    /** The view, and the answers to repeats. */
    void requireWhatIsMadeOfIt() {
        requireFolded();
        requireTheFirstAnswerToRepeats();
    }

    /** All events, in order. */
    List<SeenEvent> log() {
        return log;
    }

    /** Positions and versions have no gap. */
    private void requireOneDenseOrder() {
        for (int i = 0; i < log.size(); i++) {
            assertEquals(i + 1, log.get(i).position());
        }
        streams.forEach(
                (stream, events) -> {
                    for (int i = 0; i < events.size(); i++) {
                        assertEquals(i + 1, events.get(i).version(), stream);
                    }
                });
    }

    /** Every append is there as its fate demands, and nothing is there that nobody sent. */
    private void requireWhatTheBookSays() {
        Map<UUID, SeenEvent> unexplained =
                new HashMap<>(
                        log.stream().collect(Collectors.toMap(SeenEvent::id, Function.identity())));
        book.appends()
                .forEach(
                        (append, fate) -> {
                            List<SeenEvent> found = new ArrayList<>();
                            for (UUID id : append.ids()) {
                                SeenEvent event = unexplained.remove(id);
                                if (event != null) {
                                    found.add(event);
                                }
                            }
                            requireFate(append, fate, found);
                        });
        assertEquals(Map.of(), unexplained);
    }

    private void requireFate(SentAppend append, Fate fate, List<SeenEvent> found) {
        switch (fate) {
            case Fate.Acknowledged(var receipt, _) -> {
                if (!found.isEmpty() || !isLost(append, receipt)) {
                    assertEquals(append.seenAt(receipt.firstPosition()), found);
                }
            }
            case Fate.Conflicted(), Fate.GivenUp() ->
                    assertEquals(List.of(), found, () -> fate + " " + append);
            case Fate.LeftInDoubt() -> throw new AssertionError("nobody came back to " + append);
        }
    }

    private boolean isLost(SentAppend append, Attempt.Receipt receipt) {
        return losses.explain(receipt.firstPosition(), book.settledAt(append));
    }

    /** Every event is on the topic, and those of a stream come in its order. */
    private void requirePublished(Published published) {
        published.await(log.size());
        requireSame(streams, byStream(published.events()));
    }

    /** The view's entries are the fold of the log. */
    private void requireFolded() {
        Map<String, CrashView.Entry> folded = new HashMap<>();
        streams.forEach((stream, events) -> folded.put(stream, CrashView.fold(events)));
        CrashView.await(replicas, log.size());
        requireSame(folded, CrashView.entries(replicas));
    }

    /** A repeat of what was acknowledged gets the first answer, and nothing else happens. */
    private void requireTheFirstAnswerToRepeats() {
        List<Map.Entry<SentAppend, Fate>> some = new ArrayList<>(book.appends().entrySet());
        Collections.shuffle(some, random);
        for (var each : some.subList(0, Math.min(MOST_REPEATS, some.size()))) {
            if (each.getValue() instanceof Fate.Acknowledged(var receipt, _)
                    && !isLost(each.getKey(), receipt)) {
                assertEquals(new Attempt.Accepted(receipt, true), client.attempt(each.getKey()));
            }
        }
        assertEquals(log.size(), replicas.head());
    }

    /** Fails at the first difference: all of them would fill pages. */
    private static <T> void requireSame(Map<String, T> expected, Map<String, T> actual) {
        expected.forEach((key, value) -> assertEquals(value, actual.get(key), key));
        assertEquals(expected.keySet(), actual.keySet());
    }

    private static Map<String, List<SeenEvent>> byStream(List<SeenEvent> events) {
        return events.stream().collect(Collectors.groupingBy(SeenEvent::stream));
    }
}
