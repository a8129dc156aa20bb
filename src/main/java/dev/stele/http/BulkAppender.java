package dev.stele.http;

import dev.stele.event.Append;
import dev.stele.event.AppendCondition;
import dev.stele.event.EventIds;
import dev.stele.event.StreamId;
import dev.stele.http.AppendAnswers.Outcome;
import dev.stele.json.EventLimits;
import dev.stele.json.NewEventReader;
import dev.stele.json.NewEventReader.NewEvents;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Appends chunks of bulk loads, with patience: a load of hours need not fail because the queue was
 * full, or the database away, for a moment. The ids make it safe to try again.
 */
@ApplicationScoped
class BulkAppender {

    private static final int MOST_DOUBLINGS = 20;

    private final AppendAnswers answers;
    private final NewEventReader reader;
    private final EventIds ids;
    private final HttpConfig config;
    private final OrderlyEnd end;

    BulkAppender(
            AppendAnswers answers,
            EventLimits limits,
            EventIds ids,
            HttpConfig config,
            OrderlyEnd end) {
        this.answers = answers;
        this.reader = new NewEventReader(limits);
        this.ids = ids;
        this.config = config;
        this.end = end;
    }

    /** What the request says beside its body. */
    record Asked(
            StreamId stream,
            AppendCondition condition,
            @Nullable String key,
            @Nullable String traceparent) {}

    /**
     * Appends a chunk.
     *
     * @param before how many events of the body come before it
     */
    Uni<Outcome> append(Asked asked, AppendCondition condition, long before, BulkChunk chunk) {
        if (chunk.refusal() != null) {
            return Uni.createFrom().item(new Outcome.Refused(chunk.refusal()));
        }
        return Bodies.read(chunk.bytes(), config, () -> read(asked, before, chunk))
                .chain(events -> attempt(asked, condition, events, 0))
                .onFailure(ProblemException.class)
                .recoverWithItem(found -> new Outcome.Refused(found.problem()));
    }

    private NewEvents read(Asked asked, long before, BulkChunk chunk) {
        String key = asked.key();
        NewEvents events =
                Bodies.valid(reader.read(chunk.lines(), ids.missing(asked.stream(), key, before)));
        IdempotencyKey.requireNoIds(key, events.idsGiven());
        return events;
    }

    private Uni<Outcome> attempt(
            Asked asked, AppendCondition condition, NewEvents events, int failed) {
        boolean mayRepeat = events.idsGiven() || asked.key() != null || failed > 0;
        Append append =
                Append.toStream(
                        asked.stream(), condition, events.events(), mayRepeat, asked.traceparent());
        return answers.outcome(append, AppendAnswers::conflict)
                .chain(
                        outcome ->
                                isPassing(outcome) && failed < config.bulkRetries()
                                        ? pause(failed)
                                                .chain(
                                                        goesOn ->
                                                                goesOn
                                                                        ? attempt(
                                                                                asked,
                                                                                condition,
                                                                                events,
                                                                                failed + 1)
                                                                        : Uni.createFrom()
                                                                                .item(outcome))
                                        : Uni.createFrom().item(outcome));
    }

    private static boolean isPassing(Outcome outcome) {
        return outcome instanceof Outcome.Refused(var problem)
                && (problem.type() == ProblemType.OVERLOADED
                        || problem.type() == ProblemType.OUTCOME_UNKNOWN);
    }

    /**
     * Longer each time, and never the same: many loads may have met the same full queue. False when
     * the service ends meanwhile: what came of the last attempt is what came of all.
     */
    private Uni<Boolean> pause(int failed) {
        long doubled = config.bulkPauseMin().toMillis() << Math.min(failed, MOST_DOUBLINGS);
        long longest = Math.max(1, Math.min(doubled, config.bulkPauseMax().toMillis()));
        long millis = ThreadLocalRandom.current().nextLong((longest + 1) / 2, longest + 1);
        Uni<Boolean> pause =
                Uni.createFrom().item(true).onItem().delayIt().by(Duration.ofMillis(millis));
        return end.orEnd(pause).onFailure(ProblemException.class).recoverWithItem(false);
    }
}
