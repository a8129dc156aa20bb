package dev.stele.http;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which methods an address has, for whoever used another one (RFC 9110, section 15.5.6). The
 * framework knows, and does not say; a test holds this against the contract.
 */
final class AllowedMethods {

    private static final String READ = "GET, HEAD, OPTIONS";
    private static final String NAMED = "DELETE, GET, HEAD, OPTIONS, PUT";
    private static final String POST = "OPTIONS, POST";

    /** By address; * stands for one segment. */
    private static final Map<String, String> BY_ADDRESS =
            Map.ofEntries(
                    Map.entry("/v1/log", READ),
                    Map.entry("/v1/events", READ),
                    Map.entry("/v1/events/*", READ),
                    Map.entry("/v1/append", POST),
                    Map.entry("/v1/streams/*", "DELETE, GET, HEAD, OPTIONS"),
                    Map.entry("/v1/streams/*/events", "GET, HEAD, OPTIONS, POST"),
                    Map.entry("/v1/streams/*/events/*", READ),
                    Map.entry("/v1/views", READ),
                    Map.entry("/v1/views/*", NAMED),
                    Map.entry("/v1/views/*/entries", READ),
                    Map.entry("/v1/views/*/entries/*", READ),
                    Map.entry("/v1/publications", READ),
                    Map.entry("/v1/publications/*", NAMED),
                    Map.entry("/v1/publications/*/pause", POST),
                    Map.entry("/v1/publications/*/resume", POST),
                    Map.entry("/v1/publications/*/continue", POST),
                    Map.entry("/v1/views/*/verify", POST),
                    Map.entry("/v1/views/*/parked", READ),
                    Map.entry("/v1/views/*/parked/retry", POST),
                    Map.entry("/v1/views/*/parked/*", READ),
                    Map.entry("/v1/views/*/parked/*/retry", POST),
                    Map.entry("/v1/views/*/parked/*/skip", POST),
                    Map.entry("/v1/views/*/skipped", READ),
                    Map.entry("/v1/publications/*/parked", READ),
                    Map.entry("/v1/publications/*/parked/retry", POST),
                    Map.entry("/v1/publications/*/parked/*", READ),
                    Map.entry("/v1/publications/*/parked/*/retry", POST),
                    Map.entry("/v1/publications/*/parked/*/skip", POST),
                    Map.entry("/v1/publications/*/skipped", READ),
                    Map.entry("/v1/jobs/*", READ),
                    Map.entry("/v1/status", READ),
                    Map.entry("/v1/asyncapi", READ));

    private record Address(Pattern path, String methods) {}

    private static final List<Address> ALL =
            BY_ADDRESS.entrySet().stream()
                    // A segment that is spelled out goes before any.
                    .sorted(Comparator.comparing(one -> one.getKey().replace('*', '~')))
                    .map(
                            one ->
                                    new Address(
                                            Pattern.compile(one.getKey().replace("*", "[^/]+")),
                                            one.getValue()))
                    .toList();

    private AllowedMethods() {}

    /** Those of a path, as {@code Allow} lists them. */
    static Optional<String> of(String path) {
        return ALL.stream()
                .filter(address -> address.path().matcher(path).matches())
                .map(Address::methods)
                .findFirst();
    }
}
