package dev.stele.subscription;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stele.event.GlobalPosition;
import dev.stele.event.Landmark;
import dev.stele.subscription.Subscription.Message;
import dev.stele.subscription.Subscription.State;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The actor, driven by hand: every step, every release and every message in any order. */
class SubscriptionTest {

    private static final int INTERLEAVINGS = Integer.getInteger("interleavings", 5_000);
    private static final int MESSAGES = 80;
    private static final int THREADS = 4;

    private final HandDriven steps = new HandDriven();
    private final Subscription subscription = new Subscription(steps);

    @Test
    void a_lease_that_is_won_begins_with_resuming_where_the_checkpoint_is() {
        win(1);

        assertEquals(new Phase.Resuming(), steps.phase());
        steps.finish(new Outcome.Resumed(at(7), false));
        assertEquals(new Phase.CatchingUp(), steps.phase());
        steps.finish(new Outcome.AtHead(at(9)));
        assertEquals(new Phase.Live(), steps.phase());
        steps.finish(new Outcome.Woken(at(12)));
        assertEquals(new Phase.CatchingUp(), steps.phase());
    }

    @Test
    void what_is_said_of_an_older_lease_is_ignored() {
        win(2);
        steps.finish(new Outcome.Resumed(Landmark.BEGINNING, false));

        subscription.tell(new Message.Lost(1));
        win(1);

        assertEquals(2, running().lease().epoch());
        assertFalse(steps.isReleasing());
    }

    @Test
    void a_lease_that_is_lost_and_won_again_in_one_round_begins_when_the_old_one_is_let_go_of() {
        win(1);
        subscription.tell(new Message.Lost(1));
        win(2);

        assertInstanceOf(State.Releasing.class, subscription.state());
        assertFalse(steps.isRunning());
        steps.finishRelease();
        assertEquals(2, running().lease().epoch());
        assertEquals(new Phase.Resuming(), steps.phase());
    }

    @Test
    void a_lease_that_is_won_while_the_one_before_runs_replaces_it() {
        win(1);
        win(2);

        assertTrue(steps.isReleasing());
        assertFalse(steps.isRunning());
        steps.finishRelease();
        assertEquals(2, running().lease().epoch());
    }

    @Test
    void a_step_that_was_given_up_brings_nothing_back() {
        win(1);
        long givenUp = running().step();
        subscription.tell(new Message.Lost(1));
        subscription.tell(new Message.StepDone(givenUp, new Outcome.Resumed(at(3), false)));
        steps.finishRelease();

        assertInstanceOf(State.Idle.class, subscription.state());
    }

    @Test
    void it_has_stopped_when_it_has_let_go_and_not_before() {
        win(1);
        subscription.tell(new Message.Stop());
        CompletableFuture<Void> stopped = subscription.stopped().subscribeAsCompletionStage();

        assertFalse(stopped.isDone());
        steps.finishRelease();
        assertTrue(stopped.isDone());
        win(2);
        assertInstanceOf(State.Stopped.class, subscription.state());
    }

    @Test
    void a_failure_pauses_longer_each_time_until_something_is_handled() {
        win(1);
        for (int failures = 1; failures <= 3; failures++) {
            steps.finish(new Outcome.Failed("no broker"));
            assertEquals(new Phase.Pausing(failures, "no broker"), steps.phase());
            steps.finish(new Outcome.Reread(steps.lease(), at(5)));
            assertEquals(new Phase.Resuming(), steps.phase());
        }
        steps.finish(new Outcome.Resumed(at(5), false));
        steps.finish(new Outcome.Moved(at(6)));
        steps.finish(new Outcome.Failed("no broker"));
        assertEquals(new Phase.Pausing(1, "no broker"), steps.phase());
    }

    @Test
    void parked_keys_are_tried_before_it_waits_for_events_again() {
        win(1);
        steps.finish(new Outcome.Resumed(Landmark.BEGINNING, false));
        subscription.tell(new Message.RetryWanted());
        steps.finish(new Outcome.Moved(at(1)));

        assertEquals(new Phase.Retrying(), steps.phase());
        steps.finish(new Outcome.Retried(true));
        assertEquals(new Phase.CatchingUp(), steps.phase());
        steps.finish(new Outcome.Moved(at(2)));
        assertEquals(new Phase.Retrying(), steps.phase());
        steps.finish(new Outcome.Retried(false));
        assertEquals(new Phase.CatchingUp(), steps.phase());
        steps.finish(new Outcome.AtHead(at(1)));
        subscription.tell(new Message.RetryWanted());
        assertEquals(new Phase.Retrying(), steps.phase());
    }

    @Test
    void no_interleaving_runs_two_steps_or_an_older_lease() {
        long first = Long.getLong("seed", System.nanoTime());
        System.err.println("first seed " + first);
        for (int i = 0; i < INTERLEAVINGS; i++) {
            new Interleaving(first + i).run(MESSAGES);
        }
    }

    @Test
    void messages_of_many_threads_are_taken_one_at_a_time() throws Exception {
        long seed = Long.getLong("seed", System.nanoTime());
        System.err.println("seed " + seed);
        HandDriven atOnce = new HandDriven();
        atOnce.finishBy(new Random(seed));
        Subscription busy = new Subscription(atOnce);
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            List<? extends Future<?>> done =
                    IntStream.range(0, THREADS)
                            .mapToObj(n -> threads.submit(() -> hammer(busy, new Random(seed + n))))
                            .toList();
            for (Future<?> each : done) {
                each.get();
            }
        }
        busy.tell(new Message.Stop());
        atOnce.finishAll();

        assertInstanceOf(State.Stopped.class, busy.state());
        assertEquals(List.of(), atOnce.violations());
    }

    private static void hammer(Subscription busy, Random random) {
        for (int i = 0; i < 10_000; i++) {
            long epoch = i / 10;
            busy.tell(
                    switch (random.nextInt(3)) {
                        case 0 -> won(epoch);
                        case 1 -> new Message.Lost(epoch);
                        default -> new Message.RetryWanted();
                    });
        }
    }

    private void win(long epoch) {
        subscription.tell(won(epoch));
    }

    static Message.Won won(long epoch) {
        return new Message.Won(new Lease("view/1", epoch), Landmark.BEGINNING);
    }

    private State.Running running() {
        return assertInstanceOf(State.Running.class, subscription.state());
    }

    private static Landmark at(long position) {
        return Landmark.unnamed(new GlobalPosition(position));
    }
}
