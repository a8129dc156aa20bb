package dev.stele.event;

import java.util.List;

/**
 * Which events a reader wants. A list that is empty does not filter.
 *
 * @param categories any of them
 * @param types any of them
 * @param tags all of them
 */
public record EventFilter(List<String> categories, List<String> types, List<Tag> tags) {

    /** Every event. */
    public static final EventFilter ALL = new EventFilter(List.of(), List.of(), List.of());

    public EventFilter {
        categories = List.copyOf(categories);
        types = List.copyOf(types);
        tags = List.copyOf(tags);
    }

    /** Whether an event is wanted: what {@code read-slice.sql} decides in the database. */
    public boolean matches(RecordedEvent event) {
        return (categories.isEmpty() || categories.contains(event.stream().category()))
                && (types.isEmpty() || types.contains(event.type().value()))
                && event.tags().containsAll(tags);
    }
}
