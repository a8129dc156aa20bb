package dev.stele.view;

import dev.stele.event.EventFilter;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Which events concern the versions of views that this replica knows. */
@ApplicationScoped
class ViewFilters {

    private final Map<Integer, EventFilter> filters = new ConcurrentHashMap<>();

    void put(int viewId, EventFilter filter) {
        filters.put(viewId, filter);
    }

    void remove(int viewId) {
        filters.remove(viewId);
    }

    /** Those of a version; empty when it is not known here, or no more. */
    Optional<EventFilter> of(int viewId) {
        return Optional.ofNullable(filters.get(viewId));
    }
}
