package dev.stele.job;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stele.testing.TestServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(TestServers.class)
class JobsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Longer than {@code stele.job.gone-after}. */
    private static final Duration UNTIL_GIVEN_UP = Duration.ofSeconds(60);

    private static final String KIND = "test";

    @Inject Jobs jobs;
    @Inject Pool pool;

    private final String subject = UUID.randomUUID().toString();

    @Test
    void a_job_tells_how_far_it_is_and_what_it_found() {
        CompletableFuture<Jobs.Outcome> end = new CompletableFuture<>();
        Job job =
                started(
                        progress -> {
                            progress.accept(0.25);
                            return Uni.createFrom().completionStage(end);
                        });
        await().atMost(PATIENCE).until(() -> read(job).progress() == 0.25);
        assertEquals(Job.State.RUNNING, read(job).state());
        assertTrue(read(job).etaSeconds().isPresent());

        end.complete(new Jobs.Outcome.Done("{\"found\": 1}"));

        Job done = ended(job);
        assertEquals(Job.State.DONE, done.state());
        assertEquals(1, done.progress());
        assertEquals("{\"found\": 1}", done.result());
        assertNull(done.because());
        assertTrue(done.etaSeconds().isEmpty());
    }

    @Test
    void a_job_that_fails_says_why() {
        Job failed = ended(started(_ -> Uni.createFrom().item(new Jobs.Outcome.Failed("so"))));
        assertEquals(Job.State.FAILED, failed.state());
        assertEquals("so", failed.because());

        Job broken =
                ended(started(_ -> Uni.createFrom().failure(new IllegalStateException("bug"))));
        assertEquals(Job.State.FAILED, broken.state());
        assertEquals("bug", broken.because());
    }

    @Test
    void who_asks_for_what_runs_already_gets_that_and_others_wait_for_a_free_place() {
        CompletableFuture<Jobs.Outcome> end = new CompletableFuture<>();
        Jobs.Work work = _ -> Uni.createFrom().completionStage(end);
        Job first = started(work);
        assertEquals(first.id(), started(work).id());
        Jobs.Asked second = done(jobs.start(KIND, subject + "-2", work));
        assertInstanceOf(Jobs.Asked.Runs.class, second);
        assertInstanceOf(Jobs.Asked.TooMany.class, done(jobs.start(KIND, subject + "-3", work)));

        end.complete(new Jobs.Outcome.Done("{}"));

        ended(first);
        ended(((Jobs.Asked.Runs) second).job());
        assertNotEquals(first.id(), ended(started(work)).id());
    }

    @Test
    void a_job_of_a_replica_that_is_gone_fails_and_makes_room_for_another() {
        UUID id = UUID.randomUUID();
        insert(id, "clock_timestamp()", null);
        assertEquals(Job.State.RUNNING, done(jobs.get(id)).orElseThrow().state());
        assertEquals(
                id,
                started(_ -> Uni.createFrom().item(new Jobs.Outcome.Done("{}"))).id(),
                "it is that of another replica");

        // Whatever the database's clock says.
        change("update stele.jobs set updated_at = now() + interval '1 hour' where id = $1", id);

        await().atMost(UNTIL_GIVEN_UP)
                .until(() -> done(jobs.get(id)).orElseThrow().state() == Job.State.FAILED);
        assertEquals("the replica that ran it is gone", done(jobs.get(id)).orElseThrow().because());
        ended(started(_ -> Uni.createFrom().item(new Jobs.Outcome.Done("{}"))));
    }

    @Test
    void a_job_that_was_given_up_ends_and_changes_nothing_any_more() {
        CompletableFuture<Jobs.Outcome> end = new CompletableFuture<>();
        CompletableFuture<Boolean> cancelled = new CompletableFuture<>();
        Job job =
                started(
                        _ ->
                                Uni.createFrom()
                                        .completionStage(end)
                                        .onCancellation()
                                        .invoke(() -> cancelled.complete(true)));
        change(
                "update stele.jobs set state = 'failed', because = 'given up', ended_at = now()"
                        + " where id = $1",
                job.id());

        assertTrue(cancelled.orTimeout(30, TimeUnit.SECONDS).join());
        end.complete(new Jobs.Outcome.Done("{}"));
        assertEquals("given up", read(job).because());
    }

    @Test
    void results_are_kept_for_a_while() {
        UUID old = UUID.randomUUID();
        UUID young = UUID.randomUUID();
        insert(young, "clock_timestamp()", "now() - interval '6 days'");
        insert(old, "clock_timestamp()", "now() - interval '8 days'");

        await().atMost(PATIENCE).until(() -> done(jobs.get(old)).isEmpty());
        assertTrue(done(jobs.get(young)).isPresent());
    }

    private void insert(UUID id, String updatedAt, @Nullable String ended) {
        change(
                "insert into stele.jobs (id, kind, subject, owner, updated_at, ended_at, state)"
                        + " values ($1, 'test', '%s', 'another', %s, %s, '%s')"
                                .formatted(
                                        subject,
                                        updatedAt,
                                        ended,
                                        ended == null ? "running" : "done"),
                id);
    }

    private void change(String sql, UUID id) {
        done(pool.preparedQuery(sql).execute(Tuple.of(id)));
    }

    private Job started(Jobs.Work work) {
        Jobs.Asked asked = done(jobs.start(KIND, subject, work));
        return assertInstanceOf(Jobs.Asked.Runs.class, asked).job();
    }

    private Job read(Job job) {
        return done(jobs.get(job.id())).orElseThrow();
    }

    private Job ended(Job job) {
        await().atMost(PATIENCE).until(() -> read(job).state() != Job.State.RUNNING);
        return read(job);
    }

    private static <T> T done(Uni<T> uni) {
        return Optional.ofNullable(uni.await().atMost(PATIENCE)).orElseThrow();
    }
}
