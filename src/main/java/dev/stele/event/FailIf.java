package dev.stele.event;

import java.util.List;
import java.util.Set;

/**
 * The events that an append was decided without: it fails when there is one. The dynamic
 * consistency boundary of dcb.events.
 *
 * @param items an event that matches any of them makes the append fail
 * @param after events at or before this position were known to whoever decided
 */
public record FailIf(List<Item> items, GlobalPosition after) {

    /**
     * What an event must have to match.
     *
     * @param types any of these types; empty: whatever type
     * @param tags all of these tags; empty: whatever tags
     */
    public record Item(Set<EventType> types, Set<Tag> tags) {

        public Item {
            types = Set.copyOf(types);
            tags = Set.copyOf(tags);
            if (types.isEmpty() && tags.isEmpty()) {
                throw new IllegalArgumentException("must have types or tags");
            }
        }

        boolean matches(NewEvent event) {
            return (types.isEmpty() || types.contains(event.type()))
                    && event.tags().containsAll(tags);
        }
    }

    public FailIf {
        items = List.copyOf(items);
        if (items.isEmpty()) {
            throw new IllegalArgumentException("must have at least one item");
        }
    }

    /** Whether an event matches any of the items. */
    public boolean matches(NewEvent event) {
        return items.stream().anyMatch(item -> item.matches(event));
    }
}
