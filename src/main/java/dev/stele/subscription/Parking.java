package dev.stele.subscription;

import dev.stele.event.GlobalPosition;
import dev.stele.event.RecordedEvent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What handling one slice means for parked keys: a subscriber asks which keys are parked, and says
 * which fail and what waits. It takes effect with the write of what was handled ({@link #upTo}),
 * and not before. Used by one thread at a time.
 */
public final class Parking {

    private static final int TRIAL_ERROR_CHARS = 1_000;

    private final ParkedKeys known;
    private final Set<String> retried;
    private final List<Waiting> released;
    private final Limits limits;

    private final Map<String, Failure> failures = new HashMap<>();
    private final List<Waiting> waiting = new ArrayList<>();

    /** Parked keys that stand for the stream of their id as well, from these positions on. */
    private final Map<String, GlobalPosition> streams = new HashMap<>();

    /**
     * Of a slice of parked events that are tried again.
     *
     * @param released those events, one for each of their keys
     */
    Parking(ParkedKeys known, List<Waiting> released, Limits limits) {
        this.known = known;
        this.retried = released.stream().map(Waiting::key).collect(Collectors.toSet());
        this.released = released;
        this.limits = limits;
    }

    /** Of events that are handled in thought only: nothing is parked, and as much as may come. */
    public static Parking trial() {
        return new Parking(
                new ParkedKeys(Map.of()),
                List.of(),
                new Limits(Integer.MAX_VALUE, Integer.MAX_VALUE, TRIAL_ERROR_CHARS));
    }

    /** What fails first; null when nothing does. */
    public @Nullable String failure() {
        return failures.values().stream()
                .min(Comparator.comparing(each -> each.event().position()))
                .map(
                        each ->
                                "event %s fails for key \"%s\": %s"
                                        .formatted(
                                                each.event().position(), each.key(), each.error()))
                .orElse(null);
    }

    /** How much may be parked: see {@link ParkedConfig}. */
    record Limits(int maxKeys, int maxWaiting, int errorChars) {

        static Limits of(ParkedConfig config) {
            return new Limits(config.maxKeys(), config.maxWaiting(), config.errorChars());
        }
    }

    /** An event that fails for a key. */
    record Failure(String key, RecordedEvent event, boolean byStream, String error) {}

    /** An event that is parked for a key; {@code whole}: nothing of it is handled. */
    record Waiting(String key, GlobalPosition position, boolean whole) {}

    /** Whether an event has to wait because an earlier one of this key is parked. */
    public boolean holds(String key, RecordedEvent event) {
        return isParked(key, event, _ -> true);
    }

    /** Whether an event has to wait as a whole: an earlier one of its stream had no key. */
    public boolean holdsStreamOf(RecordedEvent event) {
        return isParked(event.stream().value(), event, byStream -> byStream);
    }

    private boolean isParked(String key, RecordedEvent event, Predicate<Boolean> kind) {
        GlobalPosition stream = streams.get(key);
        if (stream != null && stream.value() < event.position().value()) {
            return true;
        }
        Failure failure = failures.get(key);
        if (failure != null
                && failure.event().position().value() < event.position().value()
                && kind.test(failure.byStream())) {
            return true;
        }
        ParkedKeys.ParkedKey parked = retried.contains(key) ? null : known.get(key);
        return parked != null
                && parked.position().value() < event.position().value()
                && kind.test(parked.byStream());
    }

    /** An event waits behind an earlier one of the key. */
    public void waits(String key, RecordedEvent event, boolean whole) {
        waiting.add(new Waiting(key, event.position(), whole));
    }

    /** What an event does to one key fails: the key is parked from here on. */
    public void fails(String key, RecordedEvent event, boolean whole, String error) {
        waits(key, event, whole);
        failures.merge(key, new Failure(key, event, false, storable(error)), Parking::earlier);
    }

    /**
     * The key of an event cannot be computed: its stream's id is parked in its place. If that is
     * parked as a key already, it stands for both from now on.
     */
    public void failsWithoutKey(RecordedEvent event, String error) {
        String key = event.stream().value();
        waits(key, event, true);
        if (known.get(key) != null && !retried.contains(key)) {
            streams.putIfAbsent(key, event.position());
        } else {
            failures.merge(key, new Failure(key, event, true, storable(error)), Parking::earlier);
        }
    }

    /** Keys are computed before events are folded: the failure that is noted first may be later. */
    private static Failure earlier(Failure a, Failure b) {
        Failure first = b.event().position().reached(a.event().position()) ? a : b;
        return new Failure(first.key(), first.event(), a.byStream() || b.byStream(), first.error());
    }

    /**
     * Why the event that was noted last cannot be parked; null when it can, or was not to be. The
     * slice must then end before it, and nothing of it is noted any more.
     */
    public @Nullable String full(RecordedEvent last) {
        int keys = known.size() - retried.size() + failures.size();
        long events = known.events() - released.size() + waiting.size();
        String full = null;
        if (keys > limits.maxKeys() && keys > known.size()) {
            full =
                    "%d keys are parked already, and no more may be (STELE_PARKED_MAX_KEYS)"
                            .formatted(known.size());
        } else if (events - keys > limits.maxWaiting() && events > known.events()) {
            full =
                    "%d events wait behind parked keys already, and no more may (STELE_PARKED_MAX_WAITING)"
                            .formatted(known.events() - known.size());
        }
        if (full != null) {
            failures.values().removeIf(each -> each.event().position().equals(last.position()));
            waiting.removeIf(each -> each.position().equals(last.position()));
            streams.values().removeIf(last.position()::equals);
        }
        return full;
    }

    /** The keys to handle of each event that is tried again; none of an event as a whole. */
    Map<GlobalPosition, Set<String>> keysToRetry() {
        Map<GlobalPosition, Set<String>> wanted = new LinkedHashMap<>();
        for (Waiting each : released) {
            // Position 0: all events of the key were skipped, and it is just to be released.
            if (each.position().value() > 0) {
                Set<String> keys =
                        wanted.computeIfAbsent(each.position(), _ -> new LinkedHashSet<>());
                if (!each.whole()) {
                    keys.add(each.key());
                }
            }
        }
        return wanted;
    }

    /** What takes effect when the slice is handled up to a position (inclusive). */
    public ParkingChange upTo(GlobalPosition end) {
        return new ParkingChange(
                released.stream().filter(each -> end.reached(each.position())).toList(),
                failures.values().stream()
                        .filter(each -> end.reached(each.event().position()))
                        .toList(),
                waiting.stream().filter(each -> end.reached(each.position())).toList(),
                streams.entrySet().stream()
                        .filter(each -> end.reached(each.getValue()))
                        .map(Map.Entry::getKey)
                        .toList());
    }

    /**
     * It may quote what a program made: PostgreSQL holds no U+0000, and UTF-8 no lone surrogate.
     */
    private String storable(String error) {
        StringBuilder kept = new StringBuilder();
        error.codePoints()
                .limit(limits.errorChars())
                .map(c -> c == 0 || isSurrogate(c) ? '\uFFFD' : c)
                .forEach(kept::appendCodePoint);
        return kept.toString();
    }

    private static boolean isSurrogate(int codePoint) {
        return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
    }
}
