package dev.stele.publish;

import dev.stele.definition.Programs;
import dev.stele.definition.PutResult;
import dev.stele.definition.Understood;
import dev.stele.event.GlobalPosition;
import dev.stele.event.Payload;
import dev.stele.log.EventLog;
import dev.stele.log.Head;
import dev.stele.postgres.Statement;
import dev.stele.publish.PublicationStatus.DelayMillis;
import dev.stele.publish.PublicationStatus.State;
import dev.stele.subscription.Parked;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The publications: their definitions, and how they are doing. */
@ApplicationScoped
public class Publications {

    private static final Statement READ_STATUS =
            Statement.load(Publications.class, "read-publication-status");
    private static final Statement READ_VERSION =
            Statement.load(Publications.class, "read-publication-version");

    private final Pool pool;
    private final EventLog log;
    private final Head head;
    private final PublicationTable table;
    private final LocalPublications locals;
    private final Definitions definitions;
    private final Programs programs;
    private final PublicationConfig config;

    Publications(
            Pool pool,
            EventLog log,
            Head head,
            PublicationTable table,
            LocalPublications locals,
            Definitions definitions,
            Programs programs,
            PublicationConfig config) {
        this.pool = pool;
        this.log = log;
        this.head = head;
        this.table = table;
        this.locals = locals;
        this.definitions = definitions;
        this.programs = programs;
        this.config = config;
    }

    /** Whether a publication is built in: it may be paused, but neither changed nor deleted. */
    public boolean isBuiltIn(PublicationName name) {
        return name.equals(PublicationName.EVENTS);
    }

    /** Makes, changes or keeps a publication; {@code definition} is JSON as it was sent. */
    public Uni<PutResult> put(PublicationName name, byte[] definition) {
        return programs.call(() -> definitions.understand(definition))
                .chain(
                        understood ->
                                switch (understood) {
                                    case Understood.Refused<CompiledPublication>(var refusal) ->
                                            Uni.createFrom().item(refusal);
                                    case Understood.Runs<CompiledPublication>(var wanted) ->
                                            put(name, wanted.definition());
                                });
    }

    private Uni<PutResult> put(PublicationName name, PublicationDefinition wanted) {
        return head.read()
                .chain(newest -> table.put(name, wanted, newest, definitions::stored))
                .call(locals::refresh);
    }

    /** Removes a publication; its topic and what is in it stay. False when there is none. */
    public Uni<Boolean> delete(PublicationName name) {
        return table.delete(name).call(locals::refresh);
    }

    /** Pauses a publication, or lets it go on where it stopped; false when there is none. */
    public Uni<Boolean> pause(PublicationName name, boolean paused) {
        return table.pause(name, paused).call(locals::refresh);
    }

    /** How a publication is doing; empty when there is none of that name. */
    public Uni<Optional<PublicationStatus>> get(PublicationName name) {
        return statuses(name.value()).map(found -> found.stream().findFirst());
    }

    /** How all publications are doing, by name. */
    public Uni<List<PublicationStatus>> list() {
        return statuses(null);
    }

    /** Whose parked keys a publication's are; empty when there is none of that name. */
    public Uni<Optional<Parked.Of>> parked(PublicationName name) {
        return READ_VERSION
                .run(pool, name.value())
                .ifNoItem()
                .after(config.databaseTimeout())
                .fail()
                .map(
                        rows ->
                                rows.stream()
                                        .findFirst()
                                        .map(
                                                row ->
                                                        new Parked.Of(
                                                                name.subscription(),
                                                                name.definition(),
                                                                row.getInteger("version"))));
    }

    /** Where all publications send their messages, by name. */
    public Uni<List<PublicationTopic>> topics() {
        return table.all(List.of()).map(all -> all.stream().flatMap(this::topic).toList());
    }

    private Stream<PublicationTopic> topic(PublicationTable.Known known) {
        PublicationName name = known.version().name();
        String text = known.definition();
        if (text == null) {
            return Stream.of(
                    new PublicationTopic(
                            name,
                            definitions.builtInTopic(),
                            "Every event of the log, data as stored.",
                            false));
        }
        return definitions.stored(Payload.of(text)).stream()
                .map(
                        definition ->
                                new PublicationTopic(
                                        name,
                                        definition.topic(),
                                        definition.description(),
                                        definition.value() != null));
    }

    private Uni<List<PublicationStatus>> statuses(@Nullable String name) {
        return READ_STATUS
                .run(pool, name)
                .ifNoItem()
                .after(config.databaseTimeout())
                .fail()
                // Read after the checkpoints, so that none is beyond it.
                .chain(
                        rows ->
                                head.read()
                                        .chain(newest -> statuses(rows.stream().toList(), newest)));
    }

    private Uni<List<PublicationStatus>> statuses(List<Row> rows, GlobalPosition newest) {
        return Multi.createFrom()
                .iterable(rows)
                .onItem()
                .transformToUniAndConcatenate(
                        row ->
                                log.lagSeconds(position(row), newest)
                                        .map(lag -> status(row, newest, lag)))
                .collect()
                .asList();
    }

    private PublicationStatus status(Row row, GlobalPosition newest, double lagSeconds) {
        PublicationName name = new PublicationName(row.getString("name"));
        String stored = row.getString("error");
        String error = stored != null ? stored : locals.problem(name).orElse(null);
        OffsetDateTime since = row.getOffsetDateTime("error_since");
        return new PublicationStatus(
                name,
                row.getInteger("version"),
                Objects.requireNonNullElse(row.getString("definition"), definitions.builtInText()),
                state(row, error),
                position(row),
                newest,
                lagSeconds,
                delay(row),
                row.getLong("parked_keys"),
                error,
                since == null ? null : since.toInstant(),
                row.getString("owner"));
    }

    private static State state(Row row, @Nullable String error) {
        if (row.getBoolean("paused")) {
            return State.PAUSED;
        }
        return error == null ? State.RUNNING : State.STALLED;
    }

    private static @Nullable DelayMillis delay(Row row) {
        Double median = row.getDouble("delay_p50_ms");
        Double high = row.getDouble("delay_p99_ms");
        return median == null || high == null ? null : new DelayMillis(median, high);
    }

    private static GlobalPosition position(Row row) {
        return new GlobalPosition(row.getLong("position"));
    }
}
