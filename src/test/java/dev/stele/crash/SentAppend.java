package dev.stele.crash;

import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * An append as a client sends it. Its events are numbered on from {@code number}, so that each
 * tells which one it is.
 *
 * @param expected the version that the stream must be at; 0 = it must not exist
 * @param padding how many characters make each event larger
 */
record SentAppend(String stream, long expected, List<UUID> ids, int number, int padding) {

    /** The header with its precondition. */
    String header() {
        return expected == 0 ? "If-None-Match" : "If-Match";
    }

    String headerValue() {
        return expected == 0 ? "*" : "\"%d\"".formatted(expected);
    }

    String body() {
        String pad = "x".repeat(padding);
        return IntStream.range(0, ids.size())
                .mapToObj(
                        i ->
                                "{\"id\":\"%s\",\"type\":\"Written\",\"data\":{\"number\":%d,\"pad\":\"%s\"}}"
                                        .formatted(ids.get(i), number + i, pad))
                .collect(Collectors.joining(",", "[", "]"));
    }

    /** What must be found, if its first event is at {@code position}. */
    List<SeenEvent> seenAt(long position) {
        return IntStream.range(0, ids.size())
                .mapToObj(
                        i ->
                                new SeenEvent(
                                        position + i,
                                        stream,
                                        expected + 1 + i,
                                        ids.get(i),
                                        number + i,
                                        padding))
                .toList();
    }
}
