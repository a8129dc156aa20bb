package dev.stele.publish;

import dev.stele.definition.Programs;
import dev.stele.definition.PutResult;
import dev.stele.definition.Understood;
import dev.stele.event.GlobalPosition;
import dev.stele.event.Payload;
import dev.stele.log.Head;
import dev.stele.log.Lags;
import dev.stele.postgres.Statement;
import dev.stele.publish.PublicationStatus.DelayMillis;
import dev.stele.publish.PublicationStatus.State;
import dev.stele.subscription.Parked;
import dev.stele.subscription.Standing;
import dev.stele.subscription.Standings;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
    private static final Statement READ_NAMES =
            Statement.load(Publications.class, "read-publication-names");

    private final Pool pool;
    private final Lags lags;
    private final Head head;
    private final PublicationTable table;
    private final LocalPublications locals;
    private final Definitions definitions;
    private final Programs programs;
    private final Standings standings;
    private final PublicationConfig config;
    private final Uni<List<TopicDifference>> differences;

    Publications(
            Pool pool,
            Lags lags,
            Head head,
            PublicationTable table,
            LocalPublications locals,
            Definitions definitions,
            Programs programs,
            Standings standings,
            TopicSettings settings,
            TopicConfig topicConfig,
            PublicationConfig config) {
        this.pool = pool;
        this.lags = lags;
        this.head = head;
        this.table = table;
        this.locals = locals;
        this.definitions = definitions;
        this.programs = programs;
        this.standings = standings;
        this.config = config;
        this.differences =
                Uni.createFrom()
                        .deferred(() -> topics(table, definitions))
                        .map(all -> all.stream().map(PublicationTopic::topic).toList())
                        .chain(settings::differences)
                        .memoize()
                        .forFixedDuration(topicConfig.compareEvery());
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
        return topics(table, definitions);
    }

    private static Uni<List<PublicationTopic>> topics(
            PublicationTable table, Definitions definitions) {
        return table.all(List.of())
                .map(all -> all.stream().flatMap(known -> topic(known, definitions)).toList());
    }

    /** Topics that are not what the service would have made; found a moment ago. */
    public Uni<List<TopicDifference>> topicDifferences() {
        return differences;
    }

    private static Stream<PublicationTopic> topic(
            PublicationTable.Known known, Definitions definitions) {
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

    /** How the subscriptions of all publications are doing, by name. */
    public Uni<List<PublicationStanding>> standings() {
        return found(READ_NAMES)
                .map(
                        all ->
                                all.stream()
                                        .map(
                                                each ->
                                                        new PublicationStanding(
                                                                name(each.row()),
                                                                state(each),
                                                                each.standing()))
                                        .toList());
    }

    /** A publication, and how its subscription is doing. */
    private record Found(Row row, Standing standing) {}

    private Uni<List<Found>> found(Statement statement, @Nullable Object... parameters) {
        return statement
                .run(pool, parameters)
                .ifNoItem()
                .after(config.databaseTimeout())
                .fail()
                .chain(
                        rows ->
                                standings
                                        .of(
                                                rows.stream()
                                                        .map(row -> name(row).subscription())
                                                        .toList())
                                        .map(found -> found(rows, found)));
    }

    private List<Found> found(RowSet<Row> rows, Map<String, Standing> standings) {
        List<Found> all = new ArrayList<>(rows.size());
        for (Row row : rows) {
            Standing standing = standings.get(name(row).subscription());
            if (standing != null) {
                Standing known = standing.orRefused(locals.problem(name(row)));
                all.add(new Found(row, row.getBoolean("paused") ? known.atRest() : known));
            }
        }
        return all;
    }

    private Uni<List<PublicationStatus>> statuses(@Nullable String name) {
        return found(READ_STATUS, name)
                // Read after the checkpoints, so that none is beyond it.
                .chain(all -> head.read().chain(newest -> statuses(all, newest)));
    }

    private Uni<List<PublicationStatus>> statuses(List<Found> all, GlobalPosition newest) {
        return lags.seconds(all.stream().map(each -> each.standing().position()).toList(), newest)
                .map(lags -> all.stream().map(each -> status(each, newest, lags)).toList());
    }

    private PublicationStatus status(
            Found found, GlobalPosition newest, Map<GlobalPosition, Double> lags) {
        Row row = found.row();
        Standing standing = found.standing();
        return new PublicationStatus(
                name(row),
                row.getInteger("version"),
                Objects.requireNonNullElse(row.getString("definition"), definitions.builtInText()),
                state(found),
                standing.position(),
                newest,
                Objects.requireNonNull(lags.get(standing.position())),
                delay(row),
                standing.parkedKeys(),
                standing.because(),
                standing.since(),
                standing.owner());
    }

    private static State state(Found found) {
        if (found.row().getBoolean("paused")) {
            return State.PAUSED;
        }
        return found.standing().stalled() ? State.STALLED : State.RUNNING;
    }

    private static @Nullable DelayMillis delay(Row row) {
        Double median = row.getDouble("delay_p50_ms");
        Double high = row.getDouble("delay_p99_ms");
        return median == null || high == null ? null : new DelayMillis(median, high);
    }

    private static PublicationName name(Row row) {
        return new PublicationName(row.getString("name"));
    }
}
