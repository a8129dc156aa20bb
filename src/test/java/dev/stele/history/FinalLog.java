package dev.stele.history;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The log when nothing happens any more, by position, by stream, by id and by tag. */
final class FinalLog {

    private final List<Logged> events;
    private final Map<UUID, Logged> byId;
    private final Map<String, List<Logged>> byStream;
    private final Map<String, List<Logged>> byTag;

    /** To be made of events without {@link #holes} only. */
    FinalLog(List<Logged> events) {
        this.events = events;
        this.byId = events.stream().collect(Collectors.toMap(Logged::id, event -> event));
        this.byStream = events.stream().collect(Collectors.groupingBy(Logged::stream));
        this.byTag = events.stream().collect(Collectors.groupingBy(Logged::tag));
    }

    /** Positions and versions that are missing, repeated or out of order, and repeated ids. */
    static List<String> holes(List<Logged> events) {
        List<String> holes = new ArrayList<>();
        Map<String, Long> versions = new HashMap<>();
        Map<UUID, Logged> ids = new HashMap<>();
        long position = 0;
        for (Logged event : events) {
            long version = versions.merge(event.stream(), 1L, Long::sum);
            if (event.position() != ++position || event.version() != version) {
                holes.add(
                        "position %d and version %d of its stream should come next, and there is %s"
                                .formatted(position, version, event));
            }
            Logged earlier = ids.put(event.id(), event);
            if (earlier != null) {
                holes.add("the same id twice: %s, and %s".formatted(earlier, event));
            }
        }
        return holes;
    }

    List<Logged> events() {
        return events;
    }

    long size() {
        return events.size();
    }

    @Nullable Logged event(UUID id) {
        return byId.get(id);
    }

    Logged at(long position) {
        return events.get(Math.toIntExact(position - 1));
    }

    /** The events of a stream. */
    List<Logged> stream(String stream) {
        return byStream.getOrDefault(stream, List.of());
    }

    /** Where a stream came to a version; 0 for version 0, {@link Write#NEVER} if it never did. */
    long cameTo(String stream, long version) {
        List<Logged> all = stream(stream);
        if (version > all.size()) {
            return Write.NEVER;
        }
        return version == 0 ? 0 : all.get(Math.toIntExact(version - 1)).position();
    }

    /** Whether a stream was deleted by its event of this version. */
    boolean deletedAt(String stream, long version) {
        List<Logged> all = stream(stream);
        return version > 0
                && version <= all.size()
                && all.get(Math.toIntExact(version - 1)).tombstone();
    }

    /** Where a stream was deleted next, from a version on; {@link Write#NEVER} if it never was. */
    long deletedFrom(String stream, long version) {
        return stream(stream).stream()
                .filter(event -> event.tombstone() && event.version() >= version)
                .findFirst()
                .map(Logged::position)
                .orElse(Write.NEVER);
    }

    /** A moment between a deletion of a stream and its next beginning. */
    Sight whileDeletedBy(Logged tombstone) {
        return new Sight()
                .there(tombstone.position())
                .missing(cameTo(tombstone.stream(), tombstone.version() + 1));
    }

    /** The positions of events with a tag, after a position. */
    List<Long> tagged(String tag, long after) {
        return byTag.getOrDefault(tag, List.of()).stream()
                .map(Logged::position)
                .filter(position -> position > after)
                .toList();
    }
}
