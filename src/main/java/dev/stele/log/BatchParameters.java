package dev.stele.log;

import dev.stele.event.Append;
import dev.stele.event.AppendCondition;
import dev.stele.event.ContentType;
import dev.stele.event.EventId;
import dev.stele.event.EventType;
import dev.stele.event.FailIf;
import dev.stele.event.GlobalPosition;
import dev.stele.event.NewEvent;
import dev.stele.event.Payload;
import dev.stele.event.StreamId;
import dev.stele.event.StreamVersion;
import dev.stele.event.Tag;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A batch as the arrays that {@code append_batch} takes, in the order of its parameters; and the
 * position of an event that is known. Every "which" in them counts from 1, as PostgreSQL does.
 */
final class BatchParameters {

    /** Separates the tags of an event; a control character, so that no name contains it. */
    private static final String SEPARATOR = "\u001f";

    private static final long ANY = -2;
    private static final long EXISTS = -1;

    // Per append
    private final List<Boolean> checkIds = new ArrayList<>();
    private final List<@Nullable Long> after = new ArrayList<>();
    // Per part: a stream that is written, or of which something is required
    private final List<Integer> partAppends = new ArrayList<>();
    private final List<String> streams = new ArrayList<>();
    private final List<Integer> earlierParts = new ArrayList<>();
    private final List<Long> expected = new ArrayList<>();
    private final List<Integer> sizes = new ArrayList<>();
    private final Map<StreamId, Integer> lastParts = new HashMap<>();
    // Per item of a failIf
    private final List<Integer> itemAppends = new ArrayList<>();
    private final List<@Nullable String> itemTypes = new ArrayList<>();
    private final List<@Nullable String> itemTags = new ArrayList<>();
    private final EventColumns events;
    // Per tag of an event
    private final List<Integer> tagEvents = new ArrayList<>();
    private final List<String> tags = new ArrayList<>();

    private BatchParameters(int events) {
        this.events = new EventColumns(events);
    }

    static Object[] of(List<Append> batch, GlobalPosition known, LogConfig config) {
        int size = 0;
        for (Append append : batch) {
            size += append.size();
        }
        BatchParameters parameters = new BatchParameters(size);
        batch.forEach(parameters::add);
        return parameters.inOrder(known, config);
    }

    private void add(Append append) {
        FailIf failIf = append.failIf();
        checkIds.add(append.mayRepeat());
        after.add(failIf == null ? null : failIf.after().value());
        for (Append.Part part : append.parts()) {
            addPart(part.stream(), part.condition(), part.events().size());
            for (int nth = 0; nth < part.events().size(); nth++) {
                addEvent(nth, part.events().get(nth), append.traceparent());
            }
        }
        for (Append.Requirement requirement : append.requirements()) {
            addPart(requirement.stream(), requirement.condition(), 0);
        }
        if (failIf != null) {
            failIf.items().forEach(this::addItem);
        }
    }

    private void addPart(StreamId stream, AppendCondition condition, int size) {
        partAppends.add(checkIds.size());
        streams.add(stream.value());
        Integer earlier = lastParts.put(stream, streams.size());
        earlierParts.add(earlier == null ? 0 : earlier);
        expected.add(encoded(condition));
        sizes.add(size);
    }

    private void addItem(FailIf.Item item) {
        itemAppends.add(checkIds.size());
        itemTypes.add(types(item));
        itemTags.add(tags(item));
    }

    /** The types of an item as one text; null: any. */
    static @Nullable String types(FailIf.Item item) {
        return item.types().isEmpty() ? null : joined(item.types(), EventType::value);
    }

    /** The tags of an item as one text; null: any. */
    static @Nullable String tags(FailIf.Item item) {
        return item.tags().isEmpty() ? null : joined(item.tags(), Tag::value);
    }

    private void addEvent(int nth, NewEvent event, @Nullable String traceparent) {
        events.add(streams.size(), nth, event, traceparent);
        for (Tag tag : event.tags()) {
            tagEvents.add(events.size());
            tags.add(tag.value());
        }
    }

    private Object[] inOrder(GlobalPosition known, LogConfig config) {
        return new Object[] {
            (int) config.lockTimeout().toMillis(),
            config.failIfSpan(),
            checkIds.toArray(Boolean[]::new),
            after.toArray(Long[]::new),
            partAppends.toArray(Integer[]::new),
            streams.toArray(String[]::new),
            earlierParts.toArray(Integer[]::new),
            expected.toArray(Long[]::new),
            sizes.toArray(Integer[]::new),
            itemAppends.toArray(Integer[]::new),
            itemTypes.toArray(String[]::new),
            itemTags.toArray(String[]::new),
            events.parts,
            events.nths,
            events.ids,
            events.types,
            events.schemaVersions,
            events.occurred,
            events.correlationIds,
            events.causationIds,
            events.actors,
            events.traceparents,
            events.contentTypes,
            events.payloads,
            events.metadatas,
            events.tagLists,
            tagEvents.toArray(Integer[]::new),
            tags.toArray(String[]::new),
            known.value()
        };
    }

    private static long encoded(AppendCondition condition) {
        return switch (condition) {
            case AppendCondition.Any() -> ANY;
            case AppendCondition.Exists() -> EXISTS;
            case AppendCondition.NoStream() -> StreamVersion.NO_STREAM.value();
            case AppendCondition.AtVersion(var version) -> version.value();
        };
    }

    private static <T> String joined(Collection<T> names, Function<T, String> text) {
        return names.isEmpty()
                ? ""
                : names.stream().map(text).collect(Collectors.joining(SEPARATOR));
    }

    /** One array per column, filled event by event. */
    private static final class EventColumns {
        final Integer[] parts;
        final Integer[] nths;
        final UUID[] ids;
        final String[] types;
        final @Nullable Integer[] schemaVersions;
        final @Nullable OffsetDateTime[] occurred;
        final @Nullable String[] correlationIds;
        final @Nullable UUID[] causationIds;
        final @Nullable String[] actors;
        final @Nullable String[] traceparents;
        final @Nullable String[] contentTypes;
        final @Nullable Buffer[] payloads;
        final @Nullable Buffer[] metadatas;
        final String[] tagLists;
        private int size;

        EventColumns(int events) {
            parts = new Integer[events];
            nths = new Integer[events];
            ids = new UUID[events];
            types = new String[events];
            schemaVersions = new @Nullable Integer[events];
            occurred = new @Nullable OffsetDateTime[events];
            correlationIds = new @Nullable String[events];
            causationIds = new @Nullable UUID[events];
            actors = new @Nullable String[events];
            traceparents = new @Nullable String[events];
            contentTypes = new @Nullable String[events];
            payloads = new @Nullable Buffer[events];
            metadatas = new @Nullable Buffer[events];
            tagLists = new String[events];
        }

        int size() {
            return size;
        }

        void add(int part, int nth, NewEvent event, @Nullable String traceparent) {
            EventId cause = event.references().causationId();
            ContentType type = event.contentType();
            parts[size] = part;
            nths[size] = nth;
            ids[size] = event.id().value();
            types[size] = event.type().value();
            schemaVersions[size] = event.schemaVersion();
            occurred[size] = utc(event.occurredAt());
            correlationIds[size] = event.references().correlationId();
            causationIds[size] = cause == null ? null : cause.value();
            actors[size] = event.references().actor();
            traceparents[size] = traceparent;
            contentTypes[size] = type == null ? null : type.toString();
            payloads[size] = buffer(event.data());
            metadatas[size] = buffer(event.metadata());
            tagLists[size] = joined(event.tags(), Tag::value);
            size++;
        }

        private static @Nullable OffsetDateTime utc(@Nullable Instant time) {
            return time == null ? null : time.atOffset(ZoneOffset.UTC);
        }

        private static @Nullable Buffer buffer(@Nullable Payload payload) {
            return payload == null ? null : Buffer.buffer(payload.bytes());
        }
    }
}
