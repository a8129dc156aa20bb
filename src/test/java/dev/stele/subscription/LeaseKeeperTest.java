package dev.stele.subscription;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stele.event.EventFilter;
import dev.stele.event.GlobalPosition;
import dev.stele.log.EventLog;
import dev.stele.log.Head;
import dev.stele.postgres.Schema;
import dev.stele.testing.TestServers;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Several replicas that share subscriptions, each round of theirs when the test says so. */
@QuarkusTest
@QuarkusTestResource(TestServers.class)
@TestProfile(LeaseKeeperTest.OneRound.class)
class LeaseKeeperTest {

    /** The application's own replica would count among those that share: it asks seldom. */
    public static final class OneRound implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "stele.subscription.lease-round", "1h",
                    "stele.subscription.lease-duration", "2h");
        }
    }

    private static final int SUBSCRIPTIONS = 40;
    private static final int REPLICAS = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Inject Schema schema;
    @Inject EventLog log;
    @Inject Head head;
    @Inject Tail tail;
    @Inject Checkpoints checkpoints;
    @Inject LeaseTable leases;
    @Inject ParkedTable parked;
    @Inject SubscriptionConfig config;
    @Inject ParkedConfig parkedConfig;
    @Inject ReplicaConfig replicaConfig;
    @Inject Pool pool;
    @Inject LeaseKeeper application;

    private final String prefix = "test/" + UUID.randomUUID() + "/";
    private final List<Replica> replicas = new ArrayList<>();

    /** A replica, and how many of its subscriptions run. */
    private final class Replica {
        final LeaseKeeper keeper =
                new LeaseKeeper(
                        schema,
                        log,
                        head,
                        tail,
                        checkpoints,
                        leases,
                        parked,
                        config,
                        parkedConfig,
                        replicaConfig,
                        new SimpleMeterRegistry());
        final List<Quiet> subscribers =
                IntStream.range(0, SUBSCRIPTIONS).mapToObj(n -> new Quiet(prefix + n)).toList();

        void addAll() {
            subscribers.forEach(keeper::add);
        }

        void round() {
            keeper.round().await().atMost(PATIENCE);
        }

        long running() {
            return subscribers.stream().filter(Quiet::runs).count();
        }
    }

    /** Wants nothing, and knows whether it runs. */
    private static final class Quiet implements Subscriber {
        private final String name;
        private final AtomicInteger runs = new AtomicInteger();
        private volatile CompletableFuture<Void> mayLetGo = CompletableFuture.completedFuture(null);

        Quiet(String name) {
            this.name = name;
        }

        boolean runs() {
            return runs.get() == 1;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public EventFilter filter() {
            return new EventFilter(List.of("nothing-of-this-category"), List.of(), List.of());
        }

        @Override
        public int batchEvents() {
            return 1;
        }

        @Override
        public Uni<Resumed> resume(Lease lease, GlobalPosition checkpoint) {
            runs.set(1);
            return Uni.createFrom().item(new Resumed(checkpoint, List.of()));
        }

        @Override
        public Uni<Void> release() {
            runs.set(0);
            return Uni.createFrom().completionStage(mayLetGo);
        }

        @Override
        public Uni<Handled> handle(Lease lease, Slice slice, Parking parking) {
            throw new AssertionError("it wants nothing");
        }
    }

    @BeforeEach
    void make_subscriptions() {
        done(schema.current());
        for (int n = 0; n < SUBSCRIPTIONS; n++) {
            done(
                    pool.preparedQuery(
                                    "insert into stele.subscriptions (name, position) values ($1,"
                                            + " 0)")
                            .execute(Tuple.of(prefix + n)));
        }
    }

    @AfterEach
    void end() {
        replicas.forEach(each -> each.keeper.stop(new ShutdownEvent()));
        done(
                pool.preparedQuery("delete from stele.subscriptions where name like $1 || '%'")
                        .execute(Tuple.of(prefix)));
    }

    @Test
    void one_replica_runs_all_and_the_next_ones_get_their_share() {
        Replica first = started();
        rounds(1);
        await().until(() -> first.running() == SUBSCRIPTIONS);

        started();
        started();
        awaitEvenlySpread(REPLICAS);
    }

    @Test
    void those_of_a_replica_that_died_are_shared_and_given_back_when_it_returns() {
        started();
        started();
        Replica dead = started();
        awaitEvenlySpread(REPLICAS);

        replicas.remove(dead);
        expire(dead);
        awaitEvenlySpread(REPLICAS - 1);

        dead.subscribers.forEach(each -> each.runs.set(0));
        started();
        awaitEvenlySpread(REPLICAS);
        dead.keeper.stop(new ShutdownEvent());
    }

    @Test
    void an_orderly_end_gives_them_to_the_others_at_once() {
        Replica stays = started();
        Replica leaves = started();
        awaitEvenlySpread(2);

        replicas.remove(leaves);
        leaves.keeper.stop(new ShutdownEvent());
        assertEquals(0, leaves.running());
        rounds(1);
        await().until(() -> stays.running() == SUBSCRIPTIONS);
    }

    @Test
    void what_the_others_cannot_run_is_taken_beyond_the_share_and_kept() {
        Replica able = started();
        Replica unable = started();
        awaitEvenlySpread(2);
        for (Quiet each : unable.subscribers) {
            unable.keeper.remove(each.name());
        }
        String none = unable.keeper.replica();
        await().until(() -> count("stele.subscriptions where owner = $1", none) == 0);
        rounds(3);
        assertEquals(SUBSCRIPTIONS / 2, able.running());

        execute(
                "update stele.subscriptions set leased_until = leased_until - interval '3 hours'"
                        + " where owner is null");
        rounds(3);
        await().until(() -> able.running() == SUBSCRIPTIONS);
        rounds(3);
        assertEquals(SUBSCRIPTIONS, able.running());
    }

    @Test
    void who_comes_after_a_removed_one_waits_until_that_has_let_go_and_no_longer() {
        Replica only = started();
        rounds(1);
        await().until(() -> only.running() == SUBSCRIPTIONS);
        Quiet before = only.subscribers.getFirst();
        before.mayLetGo = new CompletableFuture<>();

        only.keeper.remove(before.name());
        Quiet after = new Quiet(before.name());
        only.keeper.add(after);
        rounds(3);
        assertTrue(!after.runs() && !before.runs());

        before.mayLetGo.complete(null);
        await().atMost(PATIENCE.toSeconds(), SECONDS).until(after::runs);
    }

    private Replica started() {
        Replica replica = new Replica();
        replica.addAll();
        replicas.add(replica);
        return replica;
    }

    private void rounds(int rounds) {
        for (int i = 0; i < rounds; i++) {
            done(
                    pool.preparedQuery("delete from stele.replicas where id = $1")
                            .execute(Tuple.of(application.replica())));
            replicas.forEach(Replica::round);
        }
    }

    /** Two rounds are enough: one in which each gives back what is too much, one to take it. */
    private void awaitEvenlySpread(int wanted) {
        assertEquals(wanted, replicas.size());
        int share = Math.ceilDiv(SUBSCRIPTIONS, wanted);
        await().atMost(PATIENCE.toSeconds(), SECONDS)
                .until(
                        () -> {
                            rounds(1);
                            return replicas.stream().mapToLong(Replica::running).sum()
                                            == SUBSCRIPTIONS
                                    && replicas.stream().allMatch(each -> each.running() <= share);
                        });
    }

    /** As if the time of a lease had passed since it was heard of last. */
    private void expire(Replica dead) {
        done(
                pool.preparedQuery(
                                "update stele.subscriptions set leased_until = clock_timestamp()"
                                        + " where owner = $1")
                        .execute(Tuple.of(dead.keeper.replica())));
        done(
                pool.preparedQuery("delete from stele.replicas where id = $1")
                        .execute(Tuple.of(dead.keeper.replica())));
    }

    private long count(String from, String parameter) {
        return done(pool.preparedQuery("select count(*) as n from " + from)
                        .execute(Tuple.of(parameter)))
                .iterator()
                .next()
                .getLong("n");
    }

    private void execute(String sql) {
        done(pool.query(sql).execute());
    }

    private static <T> T done(Uni<T> uni) {
        return uni.await().atMost(PATIENCE);
    }
}
