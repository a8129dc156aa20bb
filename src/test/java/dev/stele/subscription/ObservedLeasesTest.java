package dev.stele.subscription;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stele.event.GlobalPosition;
import dev.stele.event.Landmark;
import dev.stele.subscription.LeaseTable.SeenLease;
import dev.stele.subscription.LeaseTable.Stale;
import dev.stele.subscription.LeaseTable.Won;
import dev.stele.testing.TestServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A replica that looks on while the database's clock is put back; its own is moved by hand. */
@QuarkusTest
@QuarkusTestResource(TestServers.class)
@TestProfile(LeaseKeeperTest.OneRound.class)
class ObservedLeasesTest {

    private static final Duration LEASE = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Inject LeaseTable table;
    @Inject Checkpoints checkpoints;
    @Inject Pool pool;

    private final String name = "test/" + UUID.randomUUID();
    private final String dead = "dead-" + UUID.randomUUID();
    private final String replica = "replica-" + UUID.randomUUID();
    private final AtomicLong nanos = new AtomicLong();
    private ObservedLeases observed;

    @BeforeEach
    void a_dead_replica_has_it_for_an_hour_by_the_databases_clock() {
        observed = new ObservedLeases(table, LEASE, nanos::get);
        execute(
                "insert into stele.subscriptions (name, position, epoch, owner, leased_until)"
                        + " values ($1, 0, 7, $2, clock_timestamp() + interval '1 hour')",
                name,
                dead);
    }

    @AfterEach
    void remove_the_rows() {
        execute("delete from stele.subscriptions where name = $1", name);
        execute("delete from stele.replicas where id in ($1, $2)", dead, replica);
    }

    @Test
    void a_lease_that_is_not_renewed_counts_no_longer_than_its_length() {
        assertEquals(List.of(), acquire(1));
        passes(LEASE.minusNanos(1));
        assertEquals(List.of(), acquire(1));

        passes(Duration.ofNanos(1));
        Lease next = new Lease(name, 8);
        assertEquals(
                List.of(new Won(next, Landmark.unnamed(GlobalPosition.BEGINNING))), acquire(1));

        // Its owner only stood still, and goes on: nothing that it writes counts.
        assertFalse(save(new Lease(name, 7)));
        assertTrue(save(next));
    }

    @Test
    void one_that_is_renewed_is_left_alone_wherever_the_clock_is() {
        for (int round = 0; round < 10; round++) {
            renewUntil("clock_timestamp() + interval '%d minutes'".formatted(59 - round));
            assertEquals(List.of(), acquire(1));
            passes(LEASE.dividedBy(2));
        }
    }

    @Test
    void one_that_is_renewed_at_the_last_moment_is_kept() {
        SeenLease seen = done(table.leases(List.of(name))).getFirst();
        renewUntil("clock_timestamp() + interval '1 minute'");

        Stale stale = new Stale(seen, true);
        assertEquals(List.of(), done(table.acquire(replica, List.of(name), 1, List.of(stale))));
    }

    @Test
    void one_that_was_given_back_is_free_at_once() {
        execute("update stele.subscriptions set owner = null where name = $1", name);

        assertEquals(1, acquire(1).size());
    }

    @Test
    void one_that_nobody_takes_for_its_length_is_taken_beyond_the_share() {
        assertEquals(List.of(), acquire(0));
        passes(LEASE);
        assertEquals(List.of(), acquire(0));
        passes(LEASE);
        assertEquals(1, acquire(0).size());
    }

    @Test
    void a_replica_that_is_not_heard_of_is_not_counted_for_longer() {
        int before = done(observed.replicas(replica));
        execute(
                "insert into stele.replicas values ($1, clock_timestamp() + interval '1 hour')",
                dead);
        assertEquals(before + 1, done(observed.replicas(replica)));

        passes(LEASE);
        assertEquals(1, done(observed.replicas(replica)));
    }

    private List<Won> acquire(int atMost) {
        return done(observed.acquire(replica, List.of(name), atMost));
    }

    private boolean save(Lease lease) {
        return done(
                checkpoints.save(
                        lease,
                        GlobalPosition.BEGINNING,
                        GlobalPosition.LAST,
                        Landmark.unnamed(new GlobalPosition(1))));
    }

    private void renewUntil(String time) {
        execute(
                "update stele.subscriptions set leased_until = %s where name = $1".formatted(time),
                name);
    }

    private void passes(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    private void execute(String sql, Object... parameters) {
        done(pool.preparedQuery(sql).execute(Tuple.from(parameters)));
    }

    private static <T> T done(Uni<T> uni) {
        return uni.await().atMost(PATIENCE);
    }
}
