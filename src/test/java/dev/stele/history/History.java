package dev.stele.history;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;

/** What clients asked and were answered, all of them by one clock. */
public final class History {

    private final long origin = System.nanoTime();
    private final Queue<Operation> operations = new ConcurrentLinkedQueue<>();

    /** Nanoseconds since it began. */
    public long now() {
        return System.nanoTime() - origin;
    }

    public void add(Operation operation) {
        operations.add(operation);
    }

    public Collection<Operation> operations() {
        return List.copyOf(operations);
    }

    /** How many of each kind there are. */
    public String tally() {
        Map<String, Long> counts =
                operations.stream()
                        .collect(
                                Collectors.groupingBy(
                                        History::kind, TreeMap::new, Collectors.counting()));
        return counts.toString();
    }

    private static String kind(Operation operation) {
        return operation instanceof Operation.Append append
                ? "Append " + kind(append.outcome())
                : operation.getClass().getSimpleName();
    }

    private static String kind(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Accepted(_, boolean repeated) -> repeated ? "repeated" : "accepted";
            case Outcome.Conflict _ -> "refused";
            case Outcome.Deleted _ -> "refused for a deletion";
            case Outcome.NotDone() -> "not done";
            case Outcome.Unknown() -> "unknown";
        };
    }
}
