package dev.stele.subscription;

import dev.stele.event.RecordedEvent;
import dev.stele.subscription.Tail.Follower;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Those that wait at the tail, found by the category of an event: a hundred that want other
 * categories are not even looked at. Not thread-safe.
 */
final class Followers {

    private final Set<Follower> all = new LinkedHashSet<>();
    private final Set<Follower> ofAnyCategory = new LinkedHashSet<>();
    private final Map<String, Set<Follower>> byCategory = new HashMap<>();

    boolean isEmpty() {
        return all.isEmpty();
    }

    Collection<Follower> all() {
        return all;
    }

    void add(Follower follower) {
        all.add(follower);
        List<String> categories = follower.filter().categories();
        if (categories.isEmpty()) {
            ofAnyCategory.add(follower);
        }
        for (String category : categories) {
            byCategory.computeIfAbsent(category, _ -> new LinkedHashSet<>()).add(follower);
        }
    }

    void remove(Follower follower) {
        if (!all.remove(follower)) {
            return;
        }
        ofAnyCategory.remove(follower);
        for (String category : follower.filter().categories()) {
            Set<Follower> others = byCategory.get(category);
            if (others != null && others.remove(follower) && others.isEmpty()) {
                byCategory.remove(category);
            }
        }
    }

    /** Those that want an event. */
    List<Follower> wanting(RecordedEvent event) {
        List<Follower> wanting = new ArrayList<>();
        addWanting(wanting, ofAnyCategory, event);
        if (!byCategory.isEmpty()) {
            addWanting(
                    wanting, byCategory.getOrDefault(event.stream().category(), Set.of()), event);
        }
        return wanting;
    }

    private static void addWanting(
            List<Follower> wanting, Set<Follower> candidates, RecordedEvent event) {
        for (Follower candidate : candidates) {
            if (candidate.wants(event)) {
                wanting.add(candidate);
            }
        }
    }
}
