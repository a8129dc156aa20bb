package dev.stele.http;

import dev.stele.event.GlobalPosition;
import dev.stele.log.AppendQueue;
import dev.stele.log.EventLog;
import dev.stele.log.Head;
import dev.stele.log.Lags;
import dev.stele.postgres.DatabaseFailure;
import dev.stele.postgres.LockWaits;
import dev.stele.publish.PublicationStanding;
import dev.stele.publish.PublicationStatus;
import dev.stele.publish.Publications;
import dev.stele.publish.TopicDifference;
import dev.stele.subscription.LeaseKeeper;
import dev.stele.subscription.Standing;
import dev.stele.view.ViewStanding;
import dev.stele.view.Views;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Puts together how the service is doing. What cannot be read in time is left out, and that is then
 * the trouble to tell of: a status is wanted most when something is away.
 */
@ApplicationScoped
class ServiceStatus {

    private final EventLog log;
    private final Head head;
    private final Lags lags;
    private final Views views;
    private final Publications publications;
    private final LeaseKeeper leases;
    private final LockWaits waits;
    private final HttpConfig config;

    /** What was read of the log last: who it is does not change while the database is away. */
    private volatile EventLog.@Nullable Identity lastSeen;

    ServiceStatus(
            EventLog log,
            Head head,
            Lags lags,
            Views views,
            Publications publications,
            LeaseKeeper leases,
            LockWaits waits,
            HttpConfig config) {
        this.log = log;
        this.head = head;
        this.lags = lags;
        this.views = views;
        this.publications = publications;
        this.leases = leases;
        this.waits = waits;
        this.config = config;
    }

    /**
     * A subscription.
     *
     * @param name what people know it by
     * @param state in the words of a view or of a publication
     * @param because why it does not move; null while it does
     */
    record Line(
            String name,
            String state,
            @Nullable String because,
            @Nullable Instant since,
            Standing standing) {}

    /** What the tables say; {@code lags} are seconds, by the positions of the lines. */
    record Tables(EventLog.Identity log, List<Line> lines, Map<GlobalPosition, Double> lags) {}

    /** What was read of the database, or why it was not. */
    sealed interface Read<T> {
        record Done<T>(T found) implements Read<T> {}

        record Failed<T>(String because) implements Read<T> {}
    }

    /**
     * How the service is doing.
     *
     * @param log who it is; null when that was never read
     * @param head as far as this replica knows
     * @param lines none when they cannot be read
     */
    record Report(
            String replica,
            EventLog.@Nullable Identity log,
            GlobalPosition head,
            AppendQueue queue,
            List<Line> lines,
            Map<GlobalPosition, Double> lags,
            List<Trouble> troubles) {}

    Uni<Report> report() {
        return Uni.combine()
                .all()
                .unis(
                        inTime(tables()),
                        inTime(waits.longerThan(config.statusWaits())),
                        inTime(publications.topicDifferences()))
                .asTuple()
                .map(read -> report(read.getItem1(), read.getItem2(), read.getItem3()));
    }

    /** All subscriptions, if they can be read in time. */
    Uni<Read<List<Line>>> lines() {
        return inTime(readLines());
    }

    private Report report(
            Read<Tables> tables,
            Read<List<LockWaits.Wait>> waiting,
            Read<List<TopicDifference>> topics) {
        AppendQueue queue = log.queue();
        List<Trouble> troubles =
                new Troubles(config)
                        .of(
                                new Troubles.Seen(
                                        queue, leases.lastFailure(), tables, waiting, topics));
        return switch (tables) {
            case Read.Done<Tables>(var found) ->
                    new Report(
                            leases.replica(),
                            found.log(),
                            found.log().head(),
                            queue,
                            found.lines(),
                            found.lags(),
                            troubles);
            case Read.Failed<Tables> _ ->
                    new Report(
                            leases.replica(),
                            lastSeen,
                            head.known(),
                            queue,
                            List.of(),
                            Map.of(),
                            troubles);
        };
    }

    private <T> Uni<Read<T>> inTime(Uni<T> reading) {
        return reading.<Read<T>>map(Read.Done::new)
                .ifNoItem()
                .after(config.statusTimeout())
                .fail()
                .onFailure()
                .recoverWithItem(failure -> new Read.Failed<>(DatabaseFailure.describe(failure)));
    }

    private Uni<Tables> tables() {
        return readLines()
                // Read after the checkpoints, so that none is beyond it.
                .chain(
                        lines ->
                                log.identity()
                                        .invoke(identity -> lastSeen = identity)
                                        .chain(identity -> tables(identity, lines)));
    }

    private Uni<Tables> tables(EventLog.Identity identity, List<Line> lines) {
        return lags.seconds(
                        lines.stream().map(line -> line.standing().position()).toList(),
                        identity.head())
                .map(seconds -> new Tables(identity, lines, seconds));
    }

    private Uni<List<Line>> readLines() {
        return views.standings()
                .chain(
                        ofViews ->
                                publications
                                        .standings()
                                        .map(ofPublications -> lines(ofViews, ofPublications)));
    }

    private static List<Line> lines(
            List<ViewStanding> ofViews, List<PublicationStanding> ofPublications) {
        List<Line> lines = new ArrayList<>();
        ofViews.forEach(each -> lines.add(line(each)));
        ofPublications.forEach(each -> lines.add(line(each)));
        return lines;
    }

    private static Line line(ViewStanding view) {
        String name = "view/" + view.name();
        Standing standing = view.standing();
        return new Line(
                view.live() ? name : name + " version " + view.viewVersion(),
                word(view.state()),
                standing.because(),
                standing.since(),
                standing);
    }

    private static Line line(PublicationStanding publication) {
        Standing standing = publication.standing();
        boolean rests =
                publication.state() == PublicationStatus.State.PAUSED && !standing.stalled();
        return new Line(
                "publication/" + publication.name(),
                word(publication.state()),
                rests ? "it was paused" : standing.because(),
                rests ? standing.freeSince() : standing.since(),
                standing);
    }

    private static String word(Enum<?> state) {
        return state.name().toLowerCase(Locale.ROOT);
    }
}
