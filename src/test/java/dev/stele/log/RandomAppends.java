package dev.stele.log;

import dev.stele.event.Append;
import dev.stele.event.AppendCondition;
import dev.stele.event.EventId;
import dev.stele.event.EventType;
import dev.stele.event.FailIf;
import dev.stele.event.GlobalPosition;
import dev.stele.event.NewEvent;
import dev.stele.event.Payload;
import dev.stele.event.References;
import dev.stele.event.StreamId;
import dev.stele.event.StreamVersion;
import dev.stele.event.Tag;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Appends of all forms, to few streams and with few tags, so that they meet often. */
final class RandomAppends {

    private static final int STREAMS = 6;
    private static final int TAGS = 4;
    private static final int FAR_BACK = 30;

    private final Random random;
    private final LogModel model;
    private final List<StreamId> streams;
    private final List<String> names;
    private final List<Append> earlier = new ArrayList<>();

    /** Their ids are made for them, and nobody can repeat what nobody was told of. */
    private final List<Append> unanswered = new ArrayList<>();

    RandomAppends(Random random, LogModel model) {
        this.random = random;
        this.model = model;
        // The log is shared with other tests: nothing of theirs has these names.
        String run = new UUID(random.nextLong(), random.nextLong()).toString();
        this.streams =
                IntStream.range(0, STREAMS)
                        .mapToObj(i -> new StreamId("model-" + run + "-" + i))
                        .toList();
        this.names = IntStream.range(0, TAGS).mapToObj(i -> run + i).toList();
    }

    /** The next append: a new one, a repeat, or one that only resembles an earlier one. */
    Append next() {
        Append next =
                switch (random.nextInt(12)) {
                    case 0 -> deletion();
                    case 1, 2 -> earlier.isEmpty() ? fresh() : repeat(any(earlier));
                    case 3 -> earlier.isEmpty() ? fresh() : resembling(any(earlier));
                    default -> fresh();
                };
        (next.mayRepeat() ? earlier : unanswered).add(next);
        return next;
    }

    /** All that were sent have been answered. */
    void answered() {
        earlier.addAll(unanswered);
        unanswered.clear();
    }

    private Append fresh() {
        List<StreamId> shuffled = new ArrayList<>(streams);
        Collections.shuffle(shuffled, random);
        int count = random.nextInt(3) == 0 ? 2 + random.nextInt(2) : 1;
        List<Append.Part> parts =
                shuffled.stream()
                        .limit(count)
                        .map(stream -> new Append.Part(stream, condition(stream), events()))
                        .toList();
        List<Append.Requirement> requirements =
                random.nextInt(5) > 0
                        ? List.of()
                        : List.of(
                                new Append.Requirement(
                                        shuffled.getLast(), condition(shuffled.getLast())));
        return new Append(parts, requirements, failIf(), random.nextInt(3) > 0, null);
    }

    private Append deletion() {
        return Append.toStream(
                any(streams),
                AppendCondition.exists(),
                List.of(event(EventType.DELETED, List.of())),
                random.nextBoolean(),
                null);
    }

    private static Append repeat(Append append) {
        return new Append(append.parts(), append.requirements(), append.failIf(), true, null);
    }

    /** The ids of an earlier append, but not all of them, or not so, or not there. */
    private Append resembling(Append append) {
        List<Append.Part> parts = new ArrayList<>(append.parts());
        int place = random.nextInt(parts.size());
        Append.Part part = parts.get(place);
        List<NewEvent> events = new ArrayList<>(part.events());
        StreamId stream = part.stream();
        switch (random.nextInt(5)) {
            case 0 -> events.add(event(type(), tags()));
            case 1 -> events.set(0, with(events.getFirst().id(), type(), tags()));
            case 2 -> Collections.reverse(events);
            case 3 -> stream = parts.size() == 1 ? any(streams) : stream;
            default -> Collections.reverse(parts);
        }
        parts.set(parts.indexOf(part), new Append.Part(stream, condition(stream), events));
        return new Append(parts, List.of(), failIf(), true, null);
    }

    private AppendCondition condition(StreamId stream) {
        long version = Math.abs(model.state(stream));
        return switch (random.nextInt(8)) {
            case 0 -> AppendCondition.exists();
            case 1 -> AppendCondition.noStream();
            case 2 -> AppendCondition.atVersion(new StreamVersion(random.nextLong(version + 2)));
            case 3, 4 -> AppendCondition.atVersion(new StreamVersion(version));
            default -> AppendCondition.any();
        };
    }

    private @Nullable FailIf failIf() {
        if (random.nextInt(4) > 0) {
            return null;
        }
        long back = random.nextInt(20) == 0 ? Long.MAX_VALUE : random.nextInt(FAR_BACK);
        return new FailIf(
                IntStream.rangeClosed(0, random.nextInt(2)).mapToObj(_ -> item()).toList(),
                new GlobalPosition(Math.max(0, model.head() - back)));
    }

    private FailIf.Item item() {
        // Types alone would match events of other tests, in a log that is shared.
        Set<Tag> tags = new HashSet<>();
        tags.add(tag());
        if (random.nextBoolean()) {
            tags.add(tag());
        }
        return new FailIf.Item(random.nextBoolean() ? Set.of() : Set.of(type(), type2()), tags);
    }

    private List<NewEvent> events() {
        int count = random.nextInt(4) == 0 ? 1 + random.nextInt(3) : 1;
        return IntStream.range(0, count).mapToObj(_ -> event(type(), tags())).toList();
    }

    private NewEvent event(EventType type, List<Tag> tags) {
        return with(new EventId(new UUID(random.nextLong(), random.nextLong())), type, tags);
    }

    private NewEvent with(EventId id, EventType type, List<Tag> tags) {
        Payload data = Payload.of("{\"n\":" + random.nextInt(1000) + "}");
        return new NewEvent(id, type, null, null, data, null, null, References.NONE, tags);
    }

    private EventType type() {
        return new EventType("Modelled" + random.nextInt(2));
    }

    private static EventType type2() {
        return new EventType("Modelled2");
    }

    private List<Tag> tags() {
        return random.nextInt(3) == 0
                ? List.of()
                : List.of(tag(), tag()).stream().distinct().sorted().toList();
    }

    private Tag tag() {
        return new Tag("model:" + any(names));
    }

    private <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }
}
