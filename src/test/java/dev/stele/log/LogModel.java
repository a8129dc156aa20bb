package dev.stele.log;

import dev.stele.event.Append;
import dev.stele.event.AppendCondition;
import dev.stele.event.EventId;
import dev.stele.event.EventType;
import dev.stele.event.FailIf;
import dev.stele.event.GlobalPosition;
import dev.stele.event.NewEvent;
import dev.stele.event.StreamId;
import dev.stele.event.StreamVersion;
import dev.stele.log.AppendResult.FailedCheck;
import dev.stele.log.AppendResult.Place;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.LongStream;

/** What the log should do, in memory, one append at a time, and as simply as it can be said. */
final class LogModel {

    /** An event that is in the log; {@code first} is the position of the first of its append. */
    record Stored(StreamId stream, long version, NewEvent event, long first) {}

    private static final int MOST_FOUND = 10;

    private final long before;
    private final List<Stored> log = new ArrayList<>();
    private final Map<EventId, Integer> places = new HashMap<>();
    private final Map<StreamId, Deque<Stored>> newest = new HashMap<>();

    /** A log in which so many events that do not matter are already. */
    LogModel(long before) {
        this.before = before;
    }

    long head() {
        return before + log.size();
    }

    List<Stored> events() {
        return log;
    }

    /** The stream's version; negative when its newest event is a tombstone. */
    long state(StreamId stream) {
        Deque<Stored> events = newest.get(stream);
        if (events == null || events.isEmpty()) {
            return 0;
        }
        Stored last = events.getLast();
        return last.event().type().equals(EventType.DELETED) ? -last.version() : last.version();
    }

    AppendResult append(Append append) {
        List<EventId> known = append.ids().stream().filter(places::containsKey).toList();
        if (!known.isEmpty()) {
            return isRepeat(append)
                    ? new AppendResult.AlreadyAppended(placesOf(append))
                    : new AppendResult.IdReused(known);
        }
        for (Append.Part part : append.parts()) {
            if (state(part.stream()) < 0 && !expectsNoStream(part.condition())) {
                return new AppendResult.Deleted(part.stream());
            }
        }
        List<FailedCheck> failed = failedChecks(append);
        if (!failed.isEmpty()) {
            return new AppendResult.Conflict(failed);
        }
        long first = head() + 1;
        for (Append.Part part : append.parts()) {
            for (NewEvent event : part.events()) {
                store(new Stored(part.stream(), Math.abs(state(part.stream())) + 1, event, first));
            }
        }
        return new AppendResult.Appended(placesOf(append));
    }

    /** Takes the newest events back until so many are left. */
    void shrinkTo(int size) {
        while (log.size() > size) {
            Stored last = log.removeLast();
            places.remove(last.event().id());
            Objects.requireNonNull(newest.get(last.stream())).removeLast();
        }
    }

    private void store(Stored stored) {
        places.put(stored.event().id(), log.size());
        log.add(stored);
        newest.computeIfAbsent(stored.stream(), _ -> new ArrayDeque<>()).add(stored);
    }

    private boolean isRepeat(Append append) {
        Integer place = places.get(append.ids().getFirst());
        if (place == null) {
            return false;
        }
        long first = log.get(place).first();
        int next = Math.toIntExact(first - before - 1);
        for (Append.Part part : append.parts()) {
            for (NewEvent event : part.events()) {
                if (next == log.size() || !isSame(log.get(next), part.stream(), event, first)) {
                    return false;
                }
                next++;
            }
        }
        return next == log.size() || log.get(next).first() != first;
    }

    private static boolean isSame(Stored stored, StreamId stream, NewEvent event, long first) {
        return stored.first() == first
                && stored.stream().equals(stream)
                && stored.event().equals(event);
    }

    private List<Place> placesOf(Append append) {
        return append.parts().stream()
                .map(part -> places.get(part.events().getLast().id()))
                .map(
                        place ->
                                new Place(
                                        new StreamVersion(log.get(place).version()),
                                        new GlobalPosition(before + place + 1)))
                .toList();
    }

    private List<FailedCheck> failedChecks(Append append) {
        List<FailedCheck> failed = new ArrayList<>();
        for (Append.Part part : append.parts()) {
            check(part.stream(), part.condition(), failed);
        }
        for (Append.Requirement requirement : append.requirements()) {
            check(requirement.stream(), requirement.condition(), failed);
        }
        FailIf failIf = append.failIf();
        for (int i = 0; failIf != null && i < failIf.items().size(); i++) {
            List<GlobalPosition> found = matching(failIf.items().get(i), failIf.after().value());
            if (!found.isEmpty()) {
                failed.add(new FailedCheck.EventsFound(i, found));
            }
        }
        return failed;
    }

    private void check(StreamId stream, AppendCondition condition, List<FailedCheck> failed) {
        long version = Math.max(state(stream), 0);
        boolean passed =
                switch (condition) {
                    case AppendCondition.Any() -> true;
                    case AppendCondition.Exists() -> version > 0;
                    case AppendCondition.NoStream() -> version == 0;
                    case AppendCondition.AtVersion(var wanted) -> version == wanted.value();
                };
        if (!passed) {
            failed.add(
                    new FailedCheck.StreamVersionDiffers(
                            stream, condition, new StreamVersion(version)));
        }
    }

    private List<GlobalPosition> matching(FailIf.Item item, long after) {
        FailIf one = new FailIf(List.of(item), GlobalPosition.BEGINNING);
        return LongStream.rangeClosed(Math.max(after, before) + 1, head())
                .filter(position -> one.matches(log.get((int) (position - before - 1)).event()))
                .limit(MOST_FOUND)
                .mapToObj(GlobalPosition::new)
                .toList();
    }

    private static boolean expectsNoStream(AppendCondition condition) {
        return condition.equals(AppendCondition.noStream())
                || condition.equals(AppendCondition.atVersion(StreamVersion.NO_STREAM));
    }
}
