package dev.stele.subscription;

import dev.stele.event.GlobalPosition;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The parked keys of one subscription, as its runner remembers them. Only the runner adds to what
 * the tables hold; what others skip leaves here when it is read again. Used by one step at a time.
 */
final class ParkedKeys {

    private final Map<String, ParkedKey> keys = new HashMap<>();
    private long events;

    /**
     * A parked key.
     *
     * @param position of the event that fails
     * @param byStream whether all events of the stream of this id wait
     * @param retry whether somebody asked to try it again
     * @param events how many are parked, the failing one among them
     */
    record ParkedKey(GlobalPosition position, boolean byStream, boolean retry, long events) {}

    ParkedKeys(Map<String, ParkedKey> stored) {
        keys.putAll(stored);
        events = stored.values().stream().mapToLong(ParkedKey::events).sum();
    }

    @Nullable ParkedKey get(String key) {
        return keys.get(key);
    }

    int size() {
        return keys.size();
    }

    /** How many events are parked, those that fail among them. */
    long events() {
        return events;
    }

    /** The keys that are to be tried again. */
    Set<String> toRetry() {
        return keys.entrySet().stream()
                .filter(each -> each.getValue().retry())
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    /** These are parked, the first of a key that fails among them. */
    void add(String key, GlobalPosition position, boolean byStream) {
        events++;
        keys.merge(
                key,
                new ParkedKey(position, byStream, false, 1),
                (old, _) ->
                        new ParkedKey(
                                old.position(), old.byStream(), old.retry(), old.events() + 1));
    }

    /** The key fails at this event from now on. */
    void fail(String key, GlobalPosition position, boolean byStream) {
        keys.computeIfPresent(
                key, (_, old) -> new ParkedKey(position, byStream, false, old.events()));
    }

    /** All later events of the stream of this id wait as well. */
    void standForStream(String key) {
        keys.computeIfPresent(
                key, (_, old) -> new ParkedKey(old.position(), true, old.retry(), old.events()));
    }

    /** An event of the key is parked no longer; nor is the key, when it was the last one. */
    void release(String key) {
        events--;
        keys.computeIfPresent(
                key,
                (_, old) ->
                        old.events() == 1
                                ? null
                                : new ParkedKey(
                                        old.position(),
                                        old.byStream(),
                                        old.retry(),
                                        old.events() - 1));
    }
}
