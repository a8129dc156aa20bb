package dev.stele.http;

import dev.stele.event.AppendCondition;
import dev.stele.event.StreamVersion;
import dev.stele.http.AppendAnswers.Outcome;
import dev.stele.http.BulkAppender.Asked;
import dev.stele.log.AppendResult.Place;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * One bulk load: a chunk is read, appended and answered, then the next one, until the body ends or
 * a chunk is refused. Each chunk is an append of its own.
 */
final class BulkLoad {

    private final Asked asked;
    private final BulkBody body;
    private final BulkAnswer answer;
    private final BulkAppender appender;
    private final OrderlyEnd end;
    private final Executor loop;
    private AppendCondition condition;
    private long events;
    private long chunks;
    private @Nullable Place last;

    /**
     * A load that has not begun.
     *
     * @param end of the service, which is one of the load as well
     * @param loop the request's event loop, where all of it but the appends happens
     */
    BulkLoad(
            Asked asked,
            BulkBody body,
            BulkAnswer answer,
            BulkAppender appender,
            OrderlyEnd end,
            Executor loop) {
        this.asked = asked;
        this.body = body;
        this.answer = answer;
        this.appender = appender;
        this.end = end;
        this.loop = loop;
        this.condition = asked.condition();
    }

    /** Runs it to the end of its answer, whatever that is. */
    Uni<Void> run() {
        return Multi.createBy()
                .repeating()
                .uni(this::step)
                .whilst(goesOn -> goesOn)
                .collect()
                .last()
                .replaceWithVoid();
    }

    /** Whether there is a next step. */
    private Uni<Boolean> step() {
        return end.orEnd(body.next())
                .chain(
                        chunk ->
                                chunk.lines().isEmpty()
                                        ? finish(chunk).replaceWith(false)
                                        : appender.append(asked, condition, events, chunk)
                                                .emitOn(loop)
                                                .chain(outcome -> answered(chunk, outcome)));
    }

    private Uni<Boolean> answered(BulkChunk chunk, Outcome outcome) {
        return switch (outcome) {
            case Outcome.InLog(_, var places, var duplicate) -> {
                Place place = places.getFirst();
                last = place;
                condition = following(asked.condition(), place.version());
                events += chunk.lines().size();
                chunks++;
                yield answer.appended(chunk, place, duplicate).replaceWith(true);
            }
            case Outcome.Refused(var problem) -> answer.refuse(chunk, problem).replaceWith(false);
        };
    }

    private Uni<Void> finish(BulkChunk rest) {
        return last == null
                ? answer.refuse(rest, Problem.invalid("the body has no events"))
                : answer.end(events, chunks, last);
    }

    /** Who expects a version has the stream alone, to the end of the load. */
    private static AppendCondition following(AppendCondition first, StreamVersion reached) {
        return switch (first) {
            case AppendCondition.Any(), AppendCondition.Exists() -> first;
            case AppendCondition.NoStream(), AppendCondition.AtVersion(_) ->
                    AppendCondition.atVersion(reached);
        };
    }
}
