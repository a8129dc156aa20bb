package dev.stele.subscription;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stele.subscription.Subscription.Message;
import dev.stele.subscription.Subscription.State;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** One random order of everything that a subscription can be told, checked after each message. */
final class Interleaving {

    private final long seed;
    private final Random random;
    private final HandDriven steps = new HandDriven();
    private final Subscription subscription = new Subscription(steps);
    private final Set<Long> lost = new HashSet<>();
    private long epoch = 1;
    private boolean stopped;

    /** Whether parked keys must be tried, or be read again, before it may wait for events. */
    private boolean retryOwed;

    Interleaving(long seed) {
        this.seed = seed;
        this.random = new Random(seed);
    }

    void run(int messages) {
        for (int i = 0; i < messages; i++) {
            String told = tellSomething();
            check(told);
        }
        subscription.tell(new Message.Stop());
        stopped = true;
        steps.finishAll();
        check("the end");
        assertEquals(new State.Stopped(), subscription.state(), () -> "seed " + seed);
        assertTrue(
                subscription.stopped().subscribeAsCompletionStage().isDone(), () -> "seed " + seed);
    }

    private String tellSomething() {
        int chance = random.nextInt(100);
        if (chance < 12) {
            epoch++;
            return tell(SubscriptionTest.won(epoch));
        }
        if (chance < 15) {
            return tell(SubscriptionTest.won(random.nextLong(epoch + 1)));
        }
        if (chance < 22) {
            long some = random.nextLong(epoch + 1);
            lost.add(some);
            return tell(new Message.Lost(some));
        }
        if (chance < 32) {
            retryOwed |= subscription.state() instanceof State.Running;
            return tell(new Message.RetryWanted());
        }
        if (chance < 37) {
            long stale = random.nextLong(1_000) - 2_000;
            return tell(
                    new Message.StepDone(
                            stale,
                            HandDriven.outcome(
                                    SubscriptionTest.won(0).lease(),
                                    new Phase.CatchingUp(),
                                    random)));
        }
        if (chance < 38 && !stopped) {
            stopped = true;
            return tell(new Message.Stop());
        }
        return finishSomething();
    }

    private String finishSomething() {
        if (steps.isReleasing()) {
            steps.finishRelease();
            return "release done";
        }
        if (steps.isRunning()) {
            Outcome outcome = HandDriven.outcome(steps.lease(), steps.phase(), random);
            steps.finish(outcome);
            return outcome.toString();
        }
        return "nothing";
    }

    private String tell(Message message) {
        subscription.tell(message);
        return message.toString();
    }

    private void check(String told) {
        String where = "seed " + seed + ", after " + told + ": " + subscription.state();
        assertEquals(List.of(), steps.violations(), where);
        switch (subscription.state()) {
            case State.Running running -> {
                HandDriven.Step step = steps.step();
                assertTrue(step != null, where);
                assertEquals(running.lease(), step.lease(), where);
                assertEquals(running.phase(), step.phase(), where);
                assertTrue(!stopped, where);
                checkRetry(running.phase(), where);
            }
            case State.Releasing _, State.Stopping _ -> {
                assertTrue(steps.isReleasing(), where);
                retryOwed = false;
            }
            case State.Idle _, State.Stopped _ -> {
                assertTrue(!steps.isRunning() && !steps.isReleasing(), where);
                retryOwed = false;
            }
        }
    }

    private void checkRetry(Phase phase, String where) {
        switch (phase) {
            case Phase.Retrying _, Phase.Resuming _ -> retryOwed = false;
            case Phase.Live _ -> assertTrue(!retryOwed, where);
            case Phase.CatchingUp _, Phase.Pausing _ -> {}
        }
    }
}
