package dev.stele.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stele.event.Append;
import dev.stele.event.EventFilter;
import dev.stele.event.GlobalPosition;
import dev.stele.event.Landmark;
import dev.stele.event.RecordedEvent;
import dev.stele.testing.TestServers;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Random appends of all forms, some of them at once and on two replicas, against a model: {@code
 * -Dseed=} and {@code -Dsteps=} repeat and prolong it.
 */
@QuarkusTest
@QuarkusTestResource(TestServers.class)
class LogModelTest {

    private static final int STEPS = Integer.getInteger("steps", 10_000);
    private static final int MOST_AT_ONCE = 4;
    private static final int SLICE = 50;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Inject Pool pool;
    @Inject LogConfig config;
    @Inject EventLog log;
    @Inject Head head;

    @Test
    void appends_do_what_the_model_says_in_some_order() {
        long seed = Long.getLong("seed", new Random().nextLong());
        System.err.println("seed " + seed);
        Random random = new Random(seed);
        long before = head.read().await().atMost(PATIENCE).value();
        LogModel model = new LogModel(before);
        RandomAppends appends = new RandomAppends(random, model);
        List<Appender> replicas = List.of(replica(), replica());
        int remembered = 0;
        for (int step = 0; step < STEPS; ) {
            List<Append> together =
                    IntStream.range(0, 1 + random.nextInt(MOST_AT_ONCE))
                            .mapToObj(_ -> appends.next())
                            .toList();

            List<AppendResult> results = append(together, replicas, random);
            appends.answered();

            assertTrue(
                    explains(model, new ArrayList<>(together), new ArrayList<>(results)),
                    () -> "seed " + seed + ": no order explains " + together + " → " + results);
            step += together.size();
            if (random.nextInt(SLICE) == 0) {
                remembered += countRemembered(replicas, before + model.events().size());
            }
        }
        assertTrue(remembered > 0, "nothing was remembered");
        requireStored(model, before);
    }

    private static List<AppendResult> append(
            List<Append> together, List<Appender> replicas, Random random) {
        List<Uni<AppendResult>> pending =
                together.stream()
                        .map(append -> replicas.get(random.nextInt(2)).append(append))
                        .toList();
        return Uni.join().all(pending).andFailFast().await().atMost(PATIENCE);
    }

    /**
     * Whether the appends in some order have these results; the model is as after that order then.
     */
    private static boolean explains(
            LogModel model, List<Append> appends, List<AppendResult> results) {
        if (appends.isEmpty()) {
            return true;
        }
        int size = model.events().size();
        for (int i = 0; i < appends.size(); i++) {
            Append append = appends.remove(i);
            AppendResult result = results.remove(i);
            if (model.append(append).equals(result) && explains(model, appends, results)) {
                return true;
            }
            model.shrinkTo(size);
            appends.add(i, append);
            results.add(i, result);
        }
        return false;
    }

    /** How many of the replicas know the newest events; what they know is what is stored. */
    private int countRemembered(List<Appender> replicas, long head) {
        GlobalPosition upTo = new GlobalPosition(head);
        GlobalPosition after = new GlobalPosition(Math.max(0, head - SLICE));
        int remembered = 0;
        for (Appender replica : replicas) {
            RecentEvents recent = replica.recent();
            GlobalPosition from = after;
            while (from.value() < head
                    && recent.slice(Landmark.unnamed(from), upTo, EventFilter.ALL, SLICE)
                            .isEmpty()) {
                from = new GlobalPosition(from.value() + 1);
            }
            if (from.equals(upTo)) {
                continue;
            }
            remembered++;
            Landmark begin = Landmark.unnamed(from);
            for (EventFilter filter : filters(from, upTo)) {
                assertEquals(
                        log.storedSlice(begin, upTo, filter, SLICE).await().atMost(PATIENCE),
                        recent.slice(begin, upTo, filter, SLICE).orElseThrow());
            }
        }
        return remembered;
    }

    /** Filters that let some of these events through. */
    private List<EventFilter> filters(GlobalPosition after, GlobalPosition upTo) {
        List<EventFilter> filters = new ArrayList<>(List.of(EventFilter.ALL));
        assertInstanceOf(
                        EventLog.Slice.class,
                        log.storedSlice(Landmark.unnamed(after), upTo, EventFilter.ALL, 1)
                                .await()
                                .atMost(PATIENCE))
                .events()
                .forEach(
                        one -> {
                            List<String> category = List.of(one.stream().category());
                            List<String> type = List.of(one.type().value());
                            filters.add(new EventFilter(category, List.of(), List.of()));
                            filters.add(new EventFilter(List.of(), type, one.tags()));
                        });
        return filters;
    }

    private void requireStored(LogModel model, long before) {
        List<String> stored = new ArrayList<>();
        while (stored.size() < model.events().size()) {
            log.logForward(before + stored.size(), 1000)
                    .await()
                    .atMost(PATIENCE)
                    .events()
                    .forEach(event -> stored.add(told(event)));
        }
        assertEquals(
                model.events().stream()
                        .map(
                                event ->
                                        "%s %d %s"
                                                .formatted(
                                                        event.stream(),
                                                        event.version(),
                                                        event.event().id()))
                        .toList(),
                stored);
    }

    private static String told(RecordedEvent event) {
        return "%s %s %s".formatted(event.stream(), event.version(), event.id());
    }

    private Appender replica() {
        return new Appender(pool, pool, head, config, new SimpleMeterRegistry());
    }
}
