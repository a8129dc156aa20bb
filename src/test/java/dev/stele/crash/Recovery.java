package dev.stele.crash;

import java.net.URI;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** How long it takes from a fault on until an append that was sent after it is acknowledged. */
final class Recovery {

    private final long began = System.nanoTime();
    private final Map<URI, Double> first = new ConcurrentHashMap<>();

    /** A replica acknowledged an append that was sent first at that time. */
    void acknowledged(URI replica, long sentAt) {
        if (sentAt - began > 0) {
            first.computeIfAbsent(replica, _ -> seconds());
        }
    }

    /** Seconds since the fault. */
    double seconds() {
        return (System.nanoTime() - began) / 1e9;
    }

    /** When the first replica was back. */
    double atOne() {
        return first.values().stream().mapToDouble(each -> each).min().orElseThrow();
    }

    /** When the last one was. */
    double atAll() {
        return first.values().stream().mapToDouble(each -> each).max().orElseThrow();
    }
}
