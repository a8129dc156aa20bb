package dev.stele.crash;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** What is told of all recoveries of a run: a table, by kind of fault. */
final class Recoveries {

    private static final String LINE = "%-38s %6s %14s %14s %14s %14s";

    private final Map<String, List<Times>> all = new TreeMap<>();

    /**
     * Seconds from the beginning of a fault.
     *
     * @param lasted until it was over
     * @param atOne until an append was acknowledged by a replica
     * @param atAll until one was by every replica
     * @param running until every subscription was up with the log
     */
    record Times(double lasted, double atOne, double atAll, double running) {}

    void add(String fault, Times times) {
        all.computeIfAbsent(fault, _ -> new ArrayList<>()).add(times);
    }

    /** Medians and the worst. */
    @Override
    public String toString() {
        String head =
                LINE.formatted(
                        "seconds from the fault, median (worst)",
                        "rounds",
                        "it lasted",
                        "an append",
                        "all replicas",
                        "subscriptions");
        return all.entrySet().stream()
                .map(each -> line(each.getKey(), each.getValue()))
                .collect(Collectors.joining("\n", head + "\n", ""));
    }

    private static String line(String fault, List<Times> times) {
        return LINE.formatted(
                fault,
                times.size(),
                spread(times, Times::lasted),
                spread(times, Times::atOne),
                spread(times, Times::atAll),
                spread(times, Times::running));
    }

    private static String spread(List<Times> times, ToDoubleFunction<Times> which) {
        double[] sorted = times.stream().mapToDouble(which).sorted().toArray();
        return "%.1f (%.1f)".formatted(sorted[sorted.length / 2], sorted[sorted.length - 1]);
    }
}
