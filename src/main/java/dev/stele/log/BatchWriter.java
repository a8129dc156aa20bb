package dev.stele.log;

import dev.stele.event.Append;
import dev.stele.event.GlobalPosition;
import dev.stele.event.Landmark;
import dev.stele.postgres.Connections;
import dev.stele.postgres.DatabaseFailure;
import dev.stele.postgres.LastFailure;
import dev.stele.postgres.Statement;
import io.smallrye.mutiny.TimeoutException;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Writes one batch at a time, over a connection that nobody else uses: reads can never make an
 * append wait for the pool, and the statement stays prepared.
 */
final class BatchWriter {

    private static final Statement APPEND_BATCH = Statement.load(BatchWriter.class, "append-batch");

    private final Pool pool;
    private final Head head;
    private final RecentEvents recent;
    private final LogConfig config;
    private final LastFailure failures = new LastFailure();

    /** That of the batch before, as long as one follows the other. */
    private final AtomicReference<@Nullable SqlConnection> kept = new AtomicReference<>();

    BatchWriter(Pool pool, Head head, RecentEvents recent, LogConfig config) {
        this.pool = pool;
        this.head = head;
        this.recent = recent;
        this.config = config;
    }

    /** What writing a batch came to. */
    sealed interface Written {
        /** One result per append, in order. */
        record Answered(List<AppendResult> results) implements Written {}

        /** The database refused the batch as a whole; nothing of it was written. */
        record Refused(String reason) implements Written {}
    }

    /** How the last batch failed; empty when it did not. */
    Optional<LastFailure.Failure> lastFailure() {
        return failures.current();
    }

    Uni<Written> write(List<Append> batch) {
        return connected()
                .onItemOrFailure()
                .transformToUni(
                        (connected, failure) ->
                                connected == null
                                        ? Uni.createFrom().item(notSent(batch, failure))
                                        : send(connected, batch));
    }

    /** No batch follows: the pool may look after the connection. */
    void rest() {
        SqlConnection last = kept.getAndSet(null);
        if (last != null) {
            last.closeAndForget();
        }
    }

    private Uni<SqlConnection> connected() {
        SqlConnection before = kept.getAndSet(null);
        return before == null ? connect() : Uni.createFrom().item(before);
    }

    /** A connection; one that comes too late for its batch is given back for the next. */
    private Uni<SqlConnection> connect() {
        AtomicBoolean decided = new AtomicBoolean();
        Uni<SqlConnection> opened =
                pool.getConnection()
                        .invoke(late -> giveBackIf(!decided.compareAndSet(false, true), late))
                        .memoize()
                        .indefinitely();
        return opened.ifNoItem()
                .after(config.connectTimeout())
                .recoverWithUni(
                        () ->
                                decided.compareAndSet(false, true)
                                        ? Uni.createFrom().failure(new TimeoutException())
                                        : opened);
    }

    private static void giveBackIf(boolean late, SqlConnection opened) {
        if (late) {
            opened.closeAndForget();
        }
    }

    private Uni<Written> send(SqlConnection to, List<Append> batch) {
        Landmark known = head.newest();
        return APPEND_BATCH
                .run(to, BatchParameters.of(batch, known.position(), config))
                .ifNoItem()
                .after(config.answerTimeout())
                .fail()
                .map(rows -> answered(batch, known, rows))
                .invoke(() -> kept.set(to))
                .onFailure()
                .recoverWithItem(failure -> failed(to, batch, failure));
    }

    private Written answered(List<Append> batch, Landmark known, RowSet<Row> rows) {
        BatchResults results = new BatchResults(rows.iterator().next());
        List<AppendResult> answers = results.of(batch);
        boolean same = known.is(results.known());
        if (!same) {
            recent.clear();
        }
        recent.continueIn(results.generation());
        Landmark last = Landmark.BEGINNING;
        for (int nth = 0; nth < batch.size(); nth++) {
            if (answers.get(nth) instanceof AppendResult.Appended(var places)) {
                recent.add(batch.get(nth), places, results.recordedAt());
                last = last(batch.get(nth), places, results.generation());
            }
        }
        failures.over();
        // Whoever this wakes up looks for the events in memory first.
        if (same) {
            head.committed(last, results.generation());
        } else {
            head.committedWithout(known, last, results.generation());
        }
        return new Written.Answered(answers);
    }

    private static Landmark last(Append append, List<AppendResult.Place> places, int generation) {
        GlobalPosition position = places.getLast().position();
        return new Landmark(position, append.parts().getLast().events().getLast().id(), generation);
    }

    private Written notSent(List<Append> batch, Throwable failure) {
        failures.met(failure);
        String reason = "PostgreSQL cannot be reached: " + DatabaseFailure.inOurWords(failure);
        return same(batch, new AppendResult.Overloaded(reason));
    }

    private Written failed(SqlConnection from, List<Append> batch, Throwable failure) {
        failures.met(failure);
        String reason = DatabaseFailure.inOurWords(failure);
        return switch (DatabaseFailure.of(failure)) {
            case REFUSED -> {
                from.closeAndForget();
                yield new Written.Refused(DatabaseFailure.describe(failure));
            }
            case UNAVAILABLE -> {
                from.closeAndForget();
                yield same(batch, new AppendResult.Overloaded(reason));
            }
            case ANSWER_LOST -> {
                // It may still be busy with it: the next batch takes another.
                Connections.discard(from);
                yield same(batch, new AppendResult.OutcomeUnknown(reason));
            }
        };
    }

    private static Written same(List<Append> batch, AppendResult result) {
        return new Written.Answered(Collections.nCopies(batch.size(), result));
    }
}
