package dev.stele.definition;

import dev.stele.postgres.Schema;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * What this replica knows of the definitions of one kind: it reads which there are, in rounds and
 * at once after a change, and starts and stops what runs accordingly.
 *
 * @param <V> a version as it is stored
 * @param <R> what runs of it
 */
public final class LocalDefinitions<V extends LocalDefinitions.Version, R> {

    private static final Logger LOG = Logger.getLogger(LocalDefinitions.class);

    private final Kind<V, R> kind;
    private final Programs programs;
    private final Map<String, Local<V, R>> locals = new ConcurrentHashMap<>();
    private final AtomicLong readings = new AtomicLong();
    private long lastReading;
    private @Nullable Cancellable rounds;

    public LocalDefinitions(Kind<V, R> kind, Programs programs) {
        this.kind = kind;
        this.programs = programs;
    }

    /** A version of a definition, as a reading finds it. What its number says never changes. */
    public interface Version {

        /** What it is a version of, e.g. {@code publication/orders}: of each, one runs. */
        String key();

        int number();

        /** Whether it is to run: not while it is paused. */
        boolean runs();

        /** What people call it. */
        String label();
    }

    /** What is special about definitions of one kind. */
    public interface Kind<V extends Version, R> {

        /** What people call them all, e.g. {@code views}. */
        String label();

        /** Reads all that there are; the texts of those that are known need not be read again. */
        Uni<List<V>> read(List<V> known);

        /** Makes what runs, once for each version, on a thread of the programs. */
        Understood<R> understand(V version);

        /** This replica may run it from now on. */
        void start(R runs);

        /** This replica no longer runs it. */
        void stop(R runs);

        /** Some have been started: what they wait for may be seen to at once. */
        Uni<Void> started();

        /** These are all there are, and none is older than what was told before. */
        default void refreshed(List<V> all) {}

        /** What else is done in each round. */
        Uni<Void> round();
    }

    /** A version that this replica knows, as it was found last. */
    private record Local<V extends Version, R>(V version, Understood<R> understood) {

        boolean isOf(V other) {
            return version.key().equals(other.key()) && version.number() == other.number();
        }

        Local<V, R> as(V found) {
            return new Local<>(found, understood);
        }

        /** What this replica is to run; empty when that is nothing. */
        Optional<R> running() {
            return version.runs() && understood instanceof Understood.Runs<R>(var runs)
                    ? Optional.of(runs)
                    : Optional.empty();
        }

        /** Its stored definition was accepted once, and is not any more. */
        Optional<String> problem() {
            return understood instanceof Understood.Refused<R>(var refusal)
                    ? Optional.of("the stored definition is refused: " + refusal.inOneLine())
                    : Optional.empty();
        }
    }

    /** Begins the rounds, as soon as there is a schema; the next one tries again what fails. */
    public void start(Schema schema, Duration pause) {
        rounds =
                schema.refreshing(kind.label(), this::round, pause)
                        .subscribe()
                        .with(
                                _ -> {},
                                bug -> LOG.errorf(bug, "%s are no longer read", kind.label()));
    }

    /** Ends the rounds. What runs goes on. */
    public void stop() {
        if (rounds != null) {
            rounds.cancel();
        }
    }

    /** What is made of the version of this key; empty when there is none that can run. */
    public Optional<R> get(String key) {
        Local<V, R> local = locals.get(key);
        return local != null && local.understood() instanceof Understood.Runs<R>(var runs)
                ? Optional.of(runs)
                : Optional.empty();
    }

    /** All that can run, also what is not to run at the moment. */
    public List<R> all() {
        return locals.keySet().stream().flatMap(key -> get(key).stream()).toList();
    }

    /** Why the version of this key cannot run here; empty when it can. */
    public Optional<String> problem(String key) {
        return Optional.ofNullable(locals.get(key)).flatMap(Local::problem);
    }

    /** What has changed takes effect here at once; should that fail, the next round sees to it. */
    public Uni<Void> refresh() {
        return read().onFailure().recoverWithNull();
    }

    private Uni<Void> round() {
        return read().chain(kind::round);
    }

    private Uni<Void> read() {
        long reading = readings.incrementAndGet();
        Map<String, Local<V, R>> known = Map.copyOf(locals);
        return kind.read(known.values().stream().map(Local::version).toList())
                .chain(found -> programs.call(() -> understood(known, found)))
                .map(found -> apply(reading, found))
                .chain(started -> started ? kind.started() : Uni.createFrom().voidItem());
    }

    private List<Local<V, R>> understood(Map<String, Local<V, R>> known, List<V> found) {
        List<Local<V, R>> all = new ArrayList<>(found.size());
        for (V version : found) {
            Local<V, R> same = known.get(version.key());
            all.add(
                    same != null && same.isOf(version)
                            ? same.as(version)
                            : new Local<>(version, kind.understand(version)));
        }
        return all;
    }

    /** A reading that began before one that is in effect is old news. True when some started. */
    private synchronized boolean apply(long reading, List<Local<V, R>> found) {
        if (reading <= lastReading) {
            return false;
        }
        lastReading = reading;
        Map<String, Local<V, R>> gone = new HashMap<>(locals);
        found.forEach(each -> gone.remove(each.version().key()));
        gone.forEach(
                (key, each) -> {
                    locals.remove(key);
                    each.running().ifPresent(kind::stop);
                });
        boolean started = false;
        for (Local<V, R> each : found) {
            started |= put(each);
        }
        kind.refreshed(found.stream().map(Local::version).toList());
        return started;
    }

    private boolean put(Local<V, R> found) {
        V version = found.version();
        Local<V, R> before = locals.get(version.key());
        if (before != null && before.isOf(version)) {
            // Should another reading have understood it too, what that one made runs by now.
            return replace(before.running(), before.as(version));
        }
        found.problem()
                .ifPresent(because -> LOG.warnf("%s cannot run: %s", version.label(), because));
        return replace(before == null ? Optional.empty() : before.running(), found);
    }

    private boolean replace(Optional<R> ran, Local<V, R> now) {
        locals.put(now.version().key(), now);
        Optional<R> runs = now.running();
        if (ran.equals(runs)) {
            return false;
        }
        ran.ifPresent(kind::stop);
        runs.ifPresent(kind::start);
        return runs.isPresent();
    }
}
