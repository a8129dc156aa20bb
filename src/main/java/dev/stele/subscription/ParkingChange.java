package dev.stele.subscription;

import dev.stele.subscription.Parking.Failure;
import dev.stele.subscription.Parking.Waiting;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A change of parked keys, to be written by the statement that also writes what was handled, or
 * before the transaction that passes the events.
 */
public final class ParkingChange {

    private final List<Waiting> released;
    private final List<Failure> failures;
    private final List<Waiting> waiting;

    private final List<String> streams;

    /**
     * A change.
     *
     * @param streams parked keys that stand for the stream of their id from now on
     */
    ParkingChange(
            List<Waiting> released,
            List<Failure> failures,
            List<Waiting> waiting,
            List<String> streams) {
        this.released = released;
        this.failures = failures;
        this.waiting = waiting;
        this.streams = streams;
    }

    /** Whether there is nothing to write. */
    public boolean isEmpty() {
        return released.isEmpty() && failures.isEmpty() && waiting.isEmpty();
    }

    /**
     * The events that were parked and are handled now: for their key, they are parked no longer.
     */
    public List<Released> released() {
        Set<Released> parkedAnew =
                waiting.stream()
                        .map(each -> new Released(each.key(), each.position()))
                        .collect(Collectors.toSet());
        return released.stream()
                .map(each -> new Released(each.key(), each.position()))
                .filter(each -> !parkedAnew.contains(each))
                .toList();
    }

    List<Failure> failures() {
        return failures;
    }

    List<Waiting> waiting() {
        return waiting;
    }

    /**
     * The parameters of the function {@code stele.park} behind the first, an array each: see {@code
     * V6__parked_keys.sql}.
     */
    public List<Object> parameters() {
        List<Object> all = new ArrayList<>();
        all.add(strings(released, Waiting::key));
        all.add(positions(released));
        all.add(strings(failures, Failure::key));
        all.add(
                failures.stream()
                        .map(each -> each.event().position().value())
                        .toArray(Long[]::new));
        all.add(failures.stream().map(each -> each.event().id().value()).toArray(UUID[]::new));
        all.add(strings(failures, each -> each.event().stream().value()));
        all.add(strings(failures, each -> each.event().type().value()));
        all.add(failures.stream().map(Failure::byStream).toArray(Boolean[]::new));
        all.add(strings(failures, Failure::error));
        all.add(strings(waiting, Waiting::key));
        all.add(positions(waiting));
        all.add(waiting.stream().map(Waiting::whole).toArray(Boolean[]::new));
        all.add(streams.toArray(String[]::new));
        return all;
    }

    /** The same in memory, once it is written. */
    void applyTo(ParkedKeys keys) {
        released.forEach(each -> keys.release(each.key()));
        for (Waiting each : waiting) {
            keys.add(each.key(), each.position(), false);
        }
        for (Failure each : failures) {
            keys.fail(each.key(), each.event().position(), each.byStream());
        }
        streams.forEach(keys::standForStream);
    }

    private static Long[] positions(List<Waiting> events) {
        return events.stream().map(each -> each.position().value()).toArray(Long[]::new);
    }

    private static <T> String[] strings(List<T> all, Function<T, String> text) {
        return all.stream().map(text).toArray(String[]::new);
    }
}
