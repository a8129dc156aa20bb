package dev.stele.log;

import static org.junit.jupiter.api.Assertions.assertEquals;

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
import io.smallrye.mutiny.Uni;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BatchComposerTest {

    private static final AppendCondition VERSION_1 =
            AppendCondition.atVersion(new StreamVersion(1));

    private final BatchComposer composer = new BatchComposer(10, 1_000);
    private final Deque<PendingAppend> waiting = new ArrayDeque<>();

    @Test
    void independent_appends_share_a_batch_in_order_of_arrival() {
        add("a", VERSION_1);
        add("b", AppendCondition.noStream());
        add("c", AppendCondition.any());

        assertEquals(List.of("a", "b", "c"), nextBatch());
    }

    @Test
    void appends_to_one_stream_share_a_batch_whatever_their_conditions() {
        add("a", AppendCondition.any());
        add("a", VERSION_1);
        add("a", AppendCondition.any());

        assertEquals(List.of("a", "a", "a"), nextBatch());
    }

    @Test
    void a_fail_if_that_an_event_of_the_batch_matches_waits_with_all_that_follows_on_its_streams() {
        add("a", AppendCondition.any());
        add(failingIf("b", "T"));
        add("b", AppendCondition.any());
        add(failingIf("c", "Other"));

        assertEquals(List.of("a", "c"), nextBatch());
        assertEquals(List.of("b", "b"), nextBatch());
    }

    @Test
    void appends_that_share_an_id_do_not_share_a_batch() {
        EventId id = new EventId(UUID.randomUUID());
        add(append("a", AppendCondition.any(), 1, 10, id));
        add(append("b", AppendCondition.any(), 1, 10, id));

        assertEquals(List.of("a"), nextBatch());
        assertEquals(List.of("b"), nextBatch());
    }

    @Test
    void a_batch_ends_before_it_has_too_many_events_or_bytes() {
        add(append("a", AppendCondition.any(), 6, 1, null));
        add(append("b", AppendCondition.any(), 5, 1, null));
        add(append("c", AppendCondition.any(), 1, 999, null));

        assertEquals(List.of("a"), nextBatch());
        assertEquals(List.of("b"), nextBatch());
        assertEquals(List.of("c"), nextBatch());
    }

    @Test
    void an_append_that_is_too_large_for_any_batch_goes_alone() {
        add(append("a", AppendCondition.any(), 11, 1, null));
        add(append("b", AppendCondition.any(), 1, 5_000, null));
        add("c", AppendCondition.any());

        assertEquals(List.of("a"), nextBatch());
        assertEquals(List.of("b"), nextBatch());
        assertEquals(List.of("c"), nextBatch());
    }

    @Test
    void an_append_whose_sender_went_away_leaves_the_queue() {
        PendingAppend gone = add("a", AppendCondition.any());
        add("b", AppendCondition.any());
        gone.cancel();

        assertEquals(List.of("b"), nextBatch());
        assertEquals(List.of(), nextBatch());
    }

    private List<String> nextBatch() {
        return composer.takeFrom(waiting).stream()
                .map(pending -> pending.append().parts().getFirst().stream().value())
                .toList();
    }

    private PendingAppend add(String stream, AppendCondition condition) {
        return add(append(stream, condition, 1, 10, null));
    }

    private PendingAppend add(Append append) {
        QueueBudget budget = new QueueBudget(100, 100_000);
        PendingAppend[] added = new PendingAppend[1];
        // Only Mutiny makes emitters; nobody is answered here.
        Uni.createFrom()
                .<AppendResult>emitter(
                        waiter -> added[0] = new PendingAppend(append, waiter, budget))
                .subscribe()
                .with(_ -> {});
        waiting.add(added[0]);
        return added[0];
    }

    private static Append failingIf(String stream, String type) {
        Append append = append(stream, AppendCondition.any(), 1, 10, null);
        FailIf failIf =
                new FailIf(
                        List.of(new FailIf.Item(Set.of(new EventType(type)), Set.of())),
                        GlobalPosition.BEGINNING);
        return new Append(append.parts(), List.of(), failIf, false, null);
    }

    private static Append append(
            String stream,
            AppendCondition condition,
            int events,
            int bytesEach,
            @Nullable EventId id) {
        List<NewEvent> all =
                IntStream.range(0, events)
                        .mapToObj(
                                _ ->
                                        new NewEvent(
                                                id != null ? id : new EventId(UUID.randomUUID()),
                                                new EventType("T"),
                                                null,
                                                null,
                                                Payload.of("x".repeat(bytesEach - 1)),
                                                null,
                                                null,
                                                References.NONE,
                                                List.of()))
                        .toList();
        return Append.toStream(new StreamId(stream), condition, all, id != null, null);
    }
}
