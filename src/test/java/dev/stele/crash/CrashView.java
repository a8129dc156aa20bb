package dev.stele.crash;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The view that is compared: how many events a stream has, and the number of the last. */
final class CrashView {

    private static final String PATH = "/v1/views/crash";
    private static final String DEFINITION =
            """
            {"source": {"categories": ["%s"]}, "key": ".stream", "initial": {"count": 0},
             "on": {"Written": ".count += 1 | .last = $event.data.number"}}
            """
                    .formatted(Writers.CATEGORY);

    private CrashView() {}

    /** An entry, and the position of the last event that is in it. */
    record Entry(int count, int last, long position) {}

    static void put(Replicas replicas) {
        Replicas.body(
                replicas.ask(PATH, request -> request.PUT(BodyPublishers.ofString(DEFINITION))));
    }

    /** The entry that the events of a stream make. */
    static Entry fold(List<SeenEvent> events) {
        SeenEvent last = events.getLast();
        return new Entry(events.size(), last.number(), last.position());
    }

    /** Waits until the view reflects a position. */
    static void await(Replicas replicas, long position) {
        Replicas.body(replicas.get(PATH + "/entries?limit=1&minPosition=" + position));
    }

    /** All entries by key, as they are now. */
    static Map<String, Entry> entries(Replicas replicas) {
        return replicas.all(PATH + "/entries?limit=1000", "entries", each -> each).stream()
                .collect(Collectors.toMap(each -> each.get("key").asText(), CrashView::entry));
    }

    private static Entry entry(JsonNode json) {
        JsonNode value = json.get("value");
        return new Entry(
                value.get("count").asInt(),
                value.get("last").asInt(),
                json.get("position").asLong());
    }
}
