package dev.stele.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stele.event.GlobalPosition;
import dev.stele.log.RisingPosition.Awaited;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RisingPositionTest {

    private static final int PLACES = 2;
    private static final int ROUNDS = 2_000;

    private final Semaphore places = new Semaphore(PLACES);
    private final AtomicInteger awaited = new AtomicInteger();
    private final RisingPosition position = new RisingPosition(places, awaited::incrementAndGet);

    @Test
    void who_waits_for_what_is_reached_does_not_wait() {
        position.rise(at(5));

        subscribed(position.reached(at(5))).assertItem(new Awaited.Reached(at(5)));
        subscribed(position.beyond(at(4))).assertItem(at(5));
        assertEquals(0, awaited.get());
        assertFalse(position.isAwaited());
    }

    @Test
    void a_rise_wakes_those_whose_position_it_reaches_and_no_others() {
        var five = subscribed(position.reached(at(5)));
        var beyondFive = subscribed(position.beyond(at(5)));
        assertEquals(2, awaited.get());

        position.rise(at(4));
        five.assertNotTerminated();
        position.rise(at(5));
        five.assertItem(new Awaited.Reached(at(5)));
        beyondFive.assertNotTerminated();
        position.rise(at(9));
        beyondFive.assertItem(at(9));
    }

    @Test
    void it_never_falls() {
        position.rise(at(5));
        position.rise(at(3));

        assertEquals(at(5), position.now());
    }

    @Test
    void one_request_more_than_there_are_places_is_refused() {
        var first = subscribed(position.reached(at(5)));
        subscribed(position.reached(at(6)));

        subscribed(position.reached(at(5))).assertItem(new Awaited.TooMany());

        position.rise(at(5));
        first.assertItem(new Awaited.Reached(at(5)));
        subscribed(position.reached(at(7))).assertNotTerminated();
        subscribed(position.reached(at(7))).assertItem(new Awaited.TooMany());
    }

    @Test
    void what_the_service_waits_for_itself_takes_no_place_and_needs_none() {
        subscribed(position.reached(at(5)));
        subscribed(position.reached(at(5)));

        List<UniAssertSubscriber<GlobalPosition>> own = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            own.add(subscribed(position.beyond(at(0))));
        }
        position.rise(at(1));

        own.forEach(one -> one.assertItem(at(1)));
    }

    @Test
    void who_gives_up_gives_the_place_back_once() {
        var first = subscribed(position.reached(at(5)));
        subscribed(position.reached(at(5))).cancel();
        first.cancel();
        first.cancel();

        position.rise(at(5));

        assertEquals(PLACES, places.availablePermits());
        assertFalse(position.isAwaited());
    }

    @Test
    void who_gave_up_before_it_began_leaves_nothing_behind() {
        position.reached(at(5)).subscribe().withSubscriber(new UniAssertSubscriber<>(true));
        position.beyond(at(5)).subscribe().withSubscriber(new UniAssertSubscriber<>(true));

        assertEquals(PLACES, places.availablePermits());
        assertFalse(position.isAwaited());
    }

    @Test
    void a_place_is_free_when_its_owner_is_woken() {
        List<Awaited> next = new ArrayList<>();
        subscribed(position.reached(at(9)));
        position.reached(at(5)).chain(_ -> position.reached(at(6))).subscribe().with(next::add);

        position.rise(at(5));
        assertEquals(List.of(), next);
        position.rise(at(6));
        assertEquals(List.of(new Awaited.Reached(at(6))), next);
    }

    @Test
    void positions_can_share_their_places() {
        RisingPosition other = new RisingPosition(places, () -> {});
        subscribed(position.reached(at(1)));
        subscribed(other.reached(at(1)));

        subscribed(other.reached(at(1))).assertItem(new Awaited.TooMany());
    }

    @Test
    void nobody_misses_a_rise_that_happens_as_he_begins_to_wait() throws Exception {
        CyclicBarrier start = new CyclicBarrier(2);
        Thread riser =
                Thread.ofPlatform()
                        .start(
                                () -> {
                                    for (int round = 1; round <= ROUNDS; round++) {
                                        meet(start);
                                        position.rise(at(round));
                                    }
                                });
        for (int round = 1; round <= ROUNDS; round++) {
            meet(start);
            var waiter = subscribed(position.reached(at(round)));
            var own = subscribed(position.beyond(at(round - 1)));
            waiter.awaitItem();
            own.awaitItem();
        }
        riser.join();
        assertEquals(PLACES, places.availablePermits());
        assertFalse(position.isAwaited());
    }

    @Test
    void who_is_woken_and_gives_up_at_once_gives_back_one_place() throws Exception {
        CyclicBarrier start = new CyclicBarrier(2);
        List<UniAssertSubscriber<Awaited>> waiters = new ArrayList<>();
        for (int round = 1; round <= ROUNDS; round++) {
            waiters.add(UniAssertSubscriber.create());
        }
        Thread riser =
                Thread.ofPlatform()
                        .start(
                                () -> {
                                    for (int round = 1; round <= ROUNDS; round++) {
                                        meet(start);
                                        position.rise(at(round));
                                        meet(start);
                                    }
                                });
        for (int round = 1; round <= ROUNDS; round++) {
            UniAssertSubscriber<Awaited> waiter = waiters.get(round - 1);
            position.reached(at(round)).subscribe().withSubscriber(waiter);
            meet(start);
            waiter.cancel();
            meet(start);
            assertEquals(PLACES, places.availablePermits());
        }
        riser.join();
        assertTrue(waiters.size() == ROUNDS);
    }

    private static void meet(CyclicBarrier barrier) {
        try {
            barrier.await();
        } catch (InterruptedException | BrokenBarrierException e) {
            throw new IllegalStateException(e);
        }
    }

    private static <T> UniAssertSubscriber<T> subscribed(Uni<T> uni) {
        return uni.subscribe().withSubscriber(UniAssertSubscriber.create());
    }

    private static GlobalPosition at(long value) {
        return new GlobalPosition(value);
    }
}
