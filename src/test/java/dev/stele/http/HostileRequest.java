package dev.stele.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A request that nobody should send, and what it gets.
 *
 * <p>They stand in tables, one a line, the fields divided by {@code §}: the answer, what it is, and
 * the request. In the request, {@code ⟦x*3⟧} is {@code xxx}, {@code ⟦#00 FF⟧} these two bytes, and
 * {@code ⏎} the end of a line.
 *
 * @param statuses of the answers; none when the connection is closed without one
 * @param problem the type of the problem; empty when the answer is not ours, or none
 */
record HostileRequest(List<Integer> statuses, String problem, String what, String request) {

    private static final Pattern REPETITION = Pattern.compile("⟦([^⟦⟧#][^⟦⟧]*)\\*(\\d+)⟧");
    private static final Pattern BYTES = Pattern.compile("⟦#([^⟧]+)⟧");
    private static final Pattern HEADER = Pattern.compile("[A-Za-z-]+:.*");
    private static final String EVENT = "{\"type\":\"A\"}";

    private static final String NEXT = "GET /v1/log HTTP/1.1⏎Host: a⏎Connection: close⏎⏎";

    static List<HostileRequest> all() {
        return Stream.of(
                        table("bytes", fields -> fields.getFirst()),
                        table("lines", fields -> fields.getFirst() + NEXT),
                        table("framing", fields -> framed(fields) + NEXT),
                        table("requests", HostileRequest::whole),
                        table(
                                "bodies",
                                fields -> body("POST /v1/streams/hostile-1/events", fields)),
                        table("views", fields -> body("PUT /v1/views/hostile", fields)))
                .flatMap(List::stream)
                .toList();
    }

    private static List<HostileRequest> table(String name, Function<List<String>, String> request) {
        return lines("hostile-" + name + ".txt")
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .map(line -> Arrays.stream(line.split("§", -1)).map(String::strip).toList())
                .map(
                        fields ->
                                of(
                                        fields.getFirst(),
                                        name + ": " + fields.get(1),
                                        request.apply(fields.subList(2, fields.size()))))
                .toList();
    }

    /** An append that is accepted, to an address as it is written. */
    static HostileRequest accepted(String address, String body) {
        return of("201", address, whole(List.of("POST " + address, body)));
    }

    /** A read that is answered, of an address as it is written. */
    static HostileRequest read(String address) {
        return of("200", address, whole(List.of("GET " + address)));
    }

    private static HostileRequest of(String answer, String what, String request) {
        List<Integer> statuses = new ArrayList<>();
        String problem = "";
        for (String word : answer.split(" ", -1)) {
            switch (word) {
                case "closed", "-" -> {}
                default -> {
                    if (Character.isDigit(word.charAt(0))) {
                        statuses.add(Integer.parseInt(word));
                    } else {
                        problem = "/problems/" + word;
                    }
                }
            }
        }
        return new HostileRequest(List.copyOf(statuses), problem, what, request);
    }

    private static String framed(List<String> fields) {
        return "POST /v1/streams/hostile-1/events HTTP/1.1⏎Host: a⏎Content-Type: application/json⏎%s⏎⏎%s"
                .formatted(fields.get(0), fields.get(1));
    }

    /** A method with an address, headers, and perhaps a body. */
    private static String whole(List<String> fields) {
        List<String> headers = new ArrayList<>();
        String body = fields.getFirst().startsWith("POST ") ? EVENT : "";
        for (String field : fields.subList(1, fields.size())) {
            if (HEADER.matcher(field).matches()) {
                headers.add(field);
            } else {
                body = field;
            }
        }
        return request(fields.getFirst(), headers, body);
    }

    private static String body(String line, List<String> fields) {
        return request(line, List.of(), fields.getFirst());
    }

    private static String request(String line, List<String> headers, String body) {
        List<String> all = new ArrayList<>(headers);
        all.addAll(List.of("Host: localhost", "Connection: close"));
        if (line.startsWith("POST ") || line.startsWith("PUT ") || !body.isEmpty()) {
            all.add("Content-Length: " + bytes(body).length);
            if (headers.stream().noneMatch(header -> header.startsWith("Content-Type:"))) {
                all.add("Content-Type: application/json");
            }
        }
        return line + " HTTP/1.1⏎" + String.join("⏎", all) + "⏎⏎" + body;
    }

    /** As it goes over the wire; made when it is needed, for some are large. */
    byte[] bytes() {
        return bytes(request.replace("⏎", "\r\n"));
    }

    private static byte[] bytes(String text) {
        String expanded = text;
        for (Matcher next = REPETITION.matcher(expanded);
                next.find();
                next = REPETITION.matcher(expanded)) {
            expanded =
                    next.replaceAll(
                            found ->
                                    Matcher.quoteReplacement(
                                            found.group(1)
                                                    .repeat(Integer.parseInt(found.group(2)))));
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(expanded.length());
        int end = 0;
        for (Matcher raw = BYTES.matcher(expanded); raw.find(); end = raw.end()) {
            bytes.writeBytes(expanded.substring(end, raw.start()).getBytes(StandardCharsets.UTF_8));
            bytes.writeBytes(HexFormat.ofDelimiter(" ").parseHex(raw.group(1)));
        }
        bytes.writeBytes(expanded.substring(end).getBytes(StandardCharsets.UTF_8));
        return bytes.toByteArray();
    }

    private static Stream<String> lines(String resource) {
        try (InputStream in = HostileRequest.class.getResourceAsStream(resource)) {
            byte[] bytes = Objects.requireNonNull(in, resource).readAllBytes();
            return new String(bytes, StandardCharsets.UTF_8).lines();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
