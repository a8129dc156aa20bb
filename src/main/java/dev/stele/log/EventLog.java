package dev.stele.log;

import dev.stele.event.Append;
import dev.stele.event.EventFilter;
import dev.stele.event.EventId;
import dev.stele.event.GlobalPosition;
import dev.stele.event.RecordedEvent;
import dev.stele.event.StreamId;
import dev.stele.event.StreamVersion;
import dev.stele.event.Tag;
import dev.stele.postgres.Statement;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The log: what it is, appends to it, and finite reads of it. */
@ApplicationScoped
public class EventLog {

    private static final Statement READ_LOG = load("read-log");
    private static final Statement READ_STREAM = load("read-stream");
    private static final Statement READ_STREAM_FORWARD = load("read-stream-forward");
    private static final Statement READ_STREAM_BACKWARD = load("read-stream-backward");
    private static final Statement READ_LOG_FORWARD = load("read-log-forward");
    private static final Statement READ_LOG_BACKWARD = load("read-log-backward");
    private static final Statement READ_SLICE = load("read-slice");
    private static final Statement READ_EVENT_BY_ID = load("read-event-by-id");
    private static final Statement READ_EVENT_BY_VERSION = load("read-event-by-version");
    private static final Statement READ_EVENTS = load("read-events-by-position");

    /** What the statement that appends is called. */
    public static final String APPENDING = "log/append-batch";

    private final Pool pool;
    private final LogConfig config;
    private final Appender appender;

    EventLog(Pool pool, Head head, LogConfig config, MeterRegistry registry) {
        this.pool = pool;
        this.config = config;
        this.appender = new Appender(pool, head, config, registry);
    }

    /**
     * What a log is: {@code generation} rises after a restore, {@code head} is the newest position.
     */
    public record Identity(UUID id, int generation, GlobalPosition head) {}

    /** What is known of a stream that has had an event. */
    public sealed interface StreamInfo {

        /** A stream with at least one event behind its newest tombstone. */
        record Existing(
                StreamId stream,
                StreamVersion firstVersion,
                StreamVersion version,
                Instant createdAt,
                Instant lastAppendedAt)
                implements StreamInfo {}

        /** A stream whose newest event is a tombstone. */
        record Deleted(StreamId stream, Instant deletedAt, @Nullable String reason)
                implements StreamInfo {}
    }

    /**
     * Some events in order.
     *
     * @param full whether there may be more behind them: the page ended at its limit of events or
     *     of bytes
     * @param generation of the log that they are of
     */
    public record Page(List<RecordedEvent> events, boolean full, int generation) {}

    /** Matching events, and the position up to which (inclusive) there is no other one. */
    public record Slice(List<RecordedEvent> events, GlobalPosition reached) {}

    /** Appends; expected outcomes are results, see {@link AppendResult}. */
    public Uni<AppendResult> append(Append append) {
        return appender.append(append);
    }

    /** The queue of appends as of now. */
    public AppendQueue queue() {
        return appender.queue();
    }

    /** The log's identity and its head as of now. */
    public Uni<Identity> identity() {
        return read(READ_LOG)
                .map(rows -> rows.iterator().next())
                .map(
                        row ->
                                new Identity(
                                        row.getUUID("id"),
                                        row.getInteger("generation"),
                                        new GlobalPosition(row.getLong("head"))));
    }

    /** What is known of a stream; empty when it never had an event. */
    public Uni<Optional<StreamInfo>> stream(StreamId stream) {
        return read(READ_STREAM, stream.value())
                .map(rows -> first(rows).map(row -> streamInfo(stream, row)));
    }

    private static StreamInfo streamInfo(StreamId stream, Row row) {
        Instant last = instant(row, "last_appended_at");
        return row.getBoolean("deleted")
                ? new StreamInfo.Deleted(stream, last, row.getString("reason"))
                : new StreamInfo.Existing(
                        stream,
                        new StreamVersion(row.getLong("first_version")),
                        new StreamVersion(row.getLong("version")),
                        instant(row, "created_at"),
                        last);
    }

    /** A page of a stream, oldest first, from a version (inclusive). */
    public Uni<Page> streamForward(StreamId stream, long fromVersion, int limit) {
        return page(READ_STREAM_FORWARD, limit, stream.value(), fromVersion);
    }

    /** A page of a stream, newest first, from a version (inclusive) down. */
    public Uni<Page> streamBackward(StreamId stream, long fromVersion, int limit) {
        return page(READ_STREAM_BACKWARD, limit, stream.value(), fromVersion);
    }

    /** A page of the log, oldest first, after a position (exclusive). */
    public Uni<Page> logForward(long afterPosition, int limit) {
        return page(READ_LOG_FORWARD, limit, afterPosition);
    }

    /** A page of the log, newest first, before a position (exclusive). */
    public Uni<Page> logBackward(long beforePosition, int limit) {
        return page(READ_LOG_BACKWARD, limit, beforePosition);
    }

    /**
     * The matching events between two positions; from memory, when this replica appended them a
     * moment ago.
     *
     * @param after exclusive
     * @param upTo inclusive; must be known to be committed
     */
    public Uni<Slice> slice(
            GlobalPosition after, GlobalPosition upTo, EventFilter filter, int limit) {
        return appender.recent()
                .slice(after, upTo, filter, limit)
                .map(Uni.createFrom()::item)
                .orElseGet(() -> storedSlice(after, upTo, filter, limit));
    }

    /** {@link #slice} from the database. */
    Uni<Slice> storedSlice(
            GlobalPosition after, GlobalPosition upTo, EventFilter filter, int limit) {
        return read(
                        READ_SLICE,
                        after.value(),
                        upTo.value(),
                        limit,
                        config.sliceMaxBytes(),
                        filter.categories().toArray(String[]::new),
                        filter.types().toArray(String[]::new),
                        filter.tags().stream().map(Tag::value).toArray(String[]::new))
                .map(
                        rows -> {
                            List<RecordedEvent> events = EventRows.all(rows);
                            return new Slice(
                                    events,
                                    isFull(rows, limit) ? events.getLast().position() : upTo);
                        });
    }

    /** One event, by its identity. */
    public Uni<Optional<RecordedEvent>> event(EventId id) {
        return read(READ_EVENT_BY_ID, id.value()).map(rows -> first(rows).map(EventRows::from));
    }

    /** One event, by its place in a stream. */
    public Uni<Optional<RecordedEvent>> event(StreamId stream, StreamVersion version) {
        return read(READ_EVENT_BY_VERSION, stream.value(), version.value())
                .map(rows -> first(rows).map(EventRows::from));
    }

    /**
     * The events at these positions, oldest first; only the first ones when all of them are more
     * bytes than a page has.
     *
     * @param positions without repeats
     */
    public Uni<List<RecordedEvent>> events(List<GlobalPosition> positions) {
        Long[] wanted = positions.stream().map(GlobalPosition::value).toArray(Long[]::new);
        return read(READ_EVENTS, wanted, config.pageMaxBytes()).map(EventRows::all);
    }

    private Uni<Page> page(Statement statement, int limit, Object... from) {
        Object[] parameters = new Object[from.length + 2];
        System.arraycopy(from, 0, parameters, 0, from.length);
        parameters[from.length] = limit;
        parameters[from.length + 1] = config.pageMaxBytes();
        return read(statement, parameters).map(rows -> page(rows, limit));
    }

    private static Page page(RowSet<Row> rows, int limit) {
        Row first = rows.iterator().next();
        int generation = first.getInteger("generation");
        return first.getLong("position") == null
                ? new Page(List.of(), false, generation)
                : new Page(EventRows.all(rows), isFull(rows, limit), generation);
    }

    private static boolean isFull(RowSet<Row> rows, int limit) {
        boolean cut = rows.size() > 0 && rows.iterator().next().getLong("available") > rows.size();
        return cut || rows.size() == limit;
    }

    private Uni<RowSet<Row>> read(Statement statement, Object... parameters) {
        return statement.run(pool, parameters).ifNoItem().after(config.readTimeout()).fail();
    }

    private static Optional<Row> first(RowSet<Row> rows) {
        return rows.size() == 0 ? Optional.empty() : Optional.of(rows.iterator().next());
    }

    private static Instant instant(Row row, String column) {
        return row.getOffsetDateTime(column).toInstant();
    }

    private static Statement load(String name) {
        return Statement.load(EventLog.class, name);
    }
}
