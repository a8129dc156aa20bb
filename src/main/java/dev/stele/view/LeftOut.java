package dev.stele.view;

import dev.stele.event.RecordedEvent;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Events that a version did not fold: those that are parked, and those that were skipped. */
final class LeftOut {

    private final Set<Long> wholes = new HashSet<>();
    private final Map<Long, Set<String>> keys = new HashMap<>();

    /** An event was not folded into this entry, or into none at all. */
    void add(String key, long position, boolean whole) {
        if (whole) {
            wholes.add(position);
        } else {
            keys.computeIfAbsent(position, _ -> new HashSet<>()).add(key);
        }
    }

    /** Whether an event was not folded into any entry. */
    boolean hasAllOf(RecordedEvent event) {
        return wholes.contains(event.position().value());
    }

    /** Whether an event was not folded into this entry. */
    boolean has(String key, RecordedEvent event) {
        return keys.getOrDefault(event.position().value(), Set.of()).contains(key);
    }
}
