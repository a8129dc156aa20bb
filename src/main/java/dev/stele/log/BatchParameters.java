package dev.stele.log;

import dev.stele.event.EventId;
import dev.stele.event.NewEvent;
import dev.stele.event.Payload;
import dev.stele.event.StreamVersion;
import dev.stele.event.Tag;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A batch as the arrays that {@code append_batch} takes, in the order of its parameters. */
final class BatchParameters {

    /** Separates the tags of an event; a control character, so that no tag contains it. */
    private static final String TAG_SEPARATOR = "\u001f";

    private static final long ANY = -2;
    private static final long EXISTS = -1;

    private BatchParameters() {}

    static Object[] of(List<Append> batch, Duration lockTimeout) {
        int appends = batch.size();
        int events = batch.stream().mapToInt(append -> append.events().size()).sum();
        String[] streams = new String[appends];
        Long[] expected = new Long[appends];
        Integer[] sizes = new Integer[appends];
        Boolean[] checkIds = new Boolean[appends];
        EventColumns columns = new EventColumns(events);
        for (int i = 0; i < appends; i++) {
            Append append = batch.get(i);
            streams[i] = append.stream().value();
            expected[i] = encoded(append.condition());
            sizes[i] = append.events().size();
            checkIds[i] = append.mayRepeat();
            for (int n = 0; n < append.events().size(); n++) {
                columns.add(i + 1, n, append.events().get(n), append.traceparent());
            }
        }
        return new Object[] {
            (int) lockTimeout.toMillis(),
            streams,
            expected,
            sizes,
            checkIds,
            columns.appendNth,
            columns.eventNth,
            columns.ids,
            columns.types,
            columns.schemaVersions,
            columns.occurred,
            columns.correlationIds,
            columns.causationIds,
            columns.actors,
            columns.traceparents,
            columns.contentTypes,
            columns.payloads,
            columns.metadatas,
            columns.tagLists
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

    /** One array per column, filled event by event. */
    private static final class EventColumns {
        final Integer[] appendNth;
        final Integer[] eventNth;
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
        private int at;

        EventColumns(int events) {
            appendNth = new Integer[events];
            eventNth = new Integer[events];
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

        void add(int append, int nth, NewEvent event, @Nullable String traceparent) {
            EventId cause = event.references().causationId();
            appendNth[at] = append;
            eventNth[at] = nth;
            ids[at] = event.id().value();
            types[at] = event.type().value();
            schemaVersions[at] = event.schemaVersion();
            occurred[at] = utc(event.occurredAt());
            correlationIds[at] = event.references().correlationId();
            causationIds[at] = cause == null ? null : cause.value();
            actors[at] = event.references().actor();
            traceparents[at] = traceparent;
            payloads[at] = buffer(event.data());
            metadatas[at] = buffer(event.metadata());
            tagLists[at] =
                    event.tags().stream()
                            .map(Tag::value)
                            .collect(Collectors.joining(TAG_SEPARATOR));
            at++;
        }

        private static @Nullable OffsetDateTime utc(@Nullable Instant time) {
            return time == null ? null : time.atOffset(ZoneOffset.UTC);
        }

        private static @Nullable Buffer buffer(@Nullable Payload payload) {
            return payload == null ? null : Buffer.buffer(payload.bytes());
        }
    }
}
