package dev.stele.http;

import dev.stele.http.ServiceStatus.Line;
import dev.stele.http.ServiceStatus.Read;
import dev.stele.http.ServiceStatus.Tables;
import dev.stele.log.AppendQueue;
import dev.stele.log.EventLog;
import dev.stele.postgres.LastFailure;
import dev.stele.postgres.LockWaits;
import dev.stele.publish.TopicDifference;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What is stuck, by its causes: what else goes wrong because of one is not told beside it. */
final class Troubles {

    /** An append that waited for the log's lock in vain. */
    private static final String LOCK_NOT_AVAILABLE = "55P03";

    private final HttpConfig config;

    Troubles(HttpConfig config) {
        this.config = config;
    }

    /**
     * What there is to judge by.
     *
     * @param leases how this replica's rounds of leases failed last, if they do
     */
    record Seen(
            AppendQueue queue,
            Optional<LastFailure.Failure> leases,
            Read<Tables> tables,
            Read<List<LockWaits.Wait>> waits,
            Read<List<TopicDifference>> topics) {}

    List<Trouble> of(Seen seen) {
        List<Trouble> all = new ArrayList<>();
        switch (seen.tables()) {
            case Read.Failed<Tables>(var because) -> all.add(unread(seen, because));
            case Read.Done<Tables> _ ->
                    seen.leases()
                            .map(failure -> failing("leases are not renewed here", failure))
                            .ifPresent(all::add);
        }
        List<Trouble> locked = waits(seen);
        all.addAll(locked);
        appends(seen.queue(), locked).ifPresent(all::add);
        if (seen.tables() instanceof Read.Done<Tables>(var tables)) {
            tables.lines().stream().flatMap(Troubles::standstill).forEach(all::add);
        }
        all.addAll(topics(seen));
        return all;
    }

    private static List<Trouble> topics(Seen seen) {
        return switch (seen.topics()) {
            case Read.Done<List<TopicDifference>>(var topics) ->
                    topics.stream()
                            .map(
                                    each ->
                                            new Trouble(
                                                    "topic %s is not as the service makes it"
                                                            .formatted(each.topic()),
                                                    String.join("; ", each.found()),
                                                    null,
                                                    Hints.OF_TOPICS))
                            .toList();
            // Whoever cannot write because the broker is away says so.
            case Read.Failed<List<TopicDifference>> _ -> List.of();
        };
    }

    /** The rounds of leases go on while nobody asks: they know since when. */
    private static Trouble unread(Seen seen, String because) {
        Instant since =
                Stream.of(seen.leases(), seen.queue().failure())
                        .flatMap(Optional::stream)
                        .map(LastFailure.Failure::since)
                        .min(Instant::compareTo)
                        .orElseGet(Instant::now);
        String state = seen.leases().map(LastFailure.Failure::state).orElse("");
        return new Trouble(
                "PostgreSQL cannot be read",
                seen.leases()
                        .map(LastFailure.Failure::message)
                        .filter(message -> !message.equals(because))
                        .map(message -> because + "; before that: " + message)
                        .orElse(because),
                since,
                Hints.ofState(state));
    }

    private static Trouble failing(String what, LastFailure.Failure failure) {
        return new Trouble(
                what, failure.message(), failure.since(), Hints.ofState(failure.state()));
    }

    /** One for each that waits and whom it waits for, though many may wait in the same way. */
    private List<Trouble> waits(Seen seen) {
        return switch (seen.waits()) {
            case Read.Done<List<LockWaits.Wait>>(var waits) -> {
                Map<String, Trouble> all = new LinkedHashMap<>();
                for (LockWaits.Wait wait : waits) {
                    all.putIfAbsent(what(wait) + wait.blocker().pid(), waits(wait, seen.queue()));
                }
                yield List.copyOf(all.values());
            }
            // What else is known is told without them.
            case Read.Failed<List<LockWaits.Wait>> _ -> List.of();
        };
    }

    private String what(LockWaits.Wait wait) {
        return wait.statement().equals(EventLog.APPENDING)
                ? "appends wait for a lock"
                : "a statement waits for a lock: " + shortened(wait.statement());
    }

    private Trouble waits(LockWaits.Wait wait, AppendQueue queue) {
        return new Trouble(
                what(wait), holds(wait.blocker()), since(wait, queue), Hints.of(wait.blocker()));
    }

    /** An append waits for a few seconds only; others may have waited in vain before it. */
    private static Instant since(LockWaits.Wait wait, AppendQueue queue) {
        return queue.failure()
                .filter(_ -> wait.statement().equals(EventLog.APPENDING))
                .filter(failure -> failure.state().equals(LOCK_NOT_AVAILABLE))
                .map(LastFailure.Failure::since)
                .filter(since -> since.isBefore(wait.since()))
                .orElse(wait.since());
    }

    private String holds(LockWaits.Blocker blocker) {
        if (blocker.pid() == 0) {
            return "a prepared transaction holds it";
        }
        String session =
                "backend %d (%s, role %s) holds it"
                        .formatted(
                                blocker.pid(),
                                blocker.application().isEmpty()
                                        ? "an application without a name"
                                        : blocker.application(),
                                blocker.role());
        LockWaits.Activity activity = blocker.activity();
        return activity == null ? session : session + " " + doing(activity);
    }

    private String doing(LockWaits.Activity activity) {
        String how =
                switch (activity.state()) {
                    case "idle in transaction", "idle in transaction (aborted)" ->
                            "in a transaction that is idle for %d s";
                    case "idle" -> "in a session that is idle for %d s";
                    default -> "in a transaction of %d s";
                };
        return how.formatted(activity.seconds()) + ": " + shortened(activity.query());
    }

    private String shortened(String text) {
        return text.codePointCount(0, text.length()) <= config.statusQueryChars()
                ? text
                : text.substring(0, text.offsetByCodePoints(0, config.statusQueryChars())) + "…";
    }

    private Optional<Trouble> appends(AppendQueue queue, List<Trouble> locked) {
        boolean told = locked.stream().anyMatch(each -> each.what().startsWith("appends"));
        Optional<LastFailure.Failure> failure =
                queue.failure().filter(each -> !(told && each.state().equals(LOCK_NOT_AVAILABLE)));
        if (failure.isPresent()) {
            return failure.map(each -> failing("appends fail here", each));
        }
        Duration oldest = queue.oldest();
        return told || oldest.compareTo(config.statusWaits()) < 0
                ? Optional.empty()
                : Optional.of(
                        new Trouble(
                                "appends wait here",
                                "PostgreSQL has not answered a batch for %d s"
                                        .formatted(oldest.toSeconds()),
                                Instant.now().minus(oldest),
                                Hints.ofState("")));
    }

    private static Stream<Trouble> standstill(Line line) {
        return line.standing().standstill().stream()
                .map(
                        why ->
                                new Trouble(
                                        line.name() + " stands still",
                                        why.because(),
                                        why.since(),
                                        Hints.of(why)));
    }
}
