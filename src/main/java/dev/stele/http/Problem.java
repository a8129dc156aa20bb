package dev.stele.http;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.stele.json.JsonWriter;
import dev.stele.json.Parsed.Flaw;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A problem document (RFC 9457).
 *
 * @param detail what is wrong with this request, as a sentence that says what to do
 * @param headers beyond those of every problem, e.g. when a repeat may succeed
 * @param fields writes the members that this kind of problem has beyond the standard ones
 */
record Problem(
        ProblemType type, String detail, Map<String, String> headers, JsonWriter.Content fields) {

    static final String MEDIA_TYPE = "application/problem+json";

    static Problem of(ProblemType type, String detail) {
        return new Problem(type, detail, Map.of(), _ -> {});
    }

    /** A request that is malformed in one place that is not in its body. */
    static Problem invalid(String detail) {
        return invalid("", detail);
    }

    /** A request that is malformed in one place. */
    static Problem invalid(String pointer, String detail) {
        return flawed(ProblemType.INVALID_REQUEST, List.of(new Flaw(pointer, detail)));
    }

    /** A body that is wrong in some places. */
    static Problem flawed(ProblemType type, List<Flaw> flaws) {
        Flaw first = flaws.getFirst();
        String pointer = first.pointer().isEmpty() ? "" : first.pointer() + ": ";
        return of(type, atLine(first.line()) + pointer + first.detail())
                .with(json -> writeFlaws(json, flaws));
    }

    /** A limit of this name that is exceeded. */
    static Problem tooLarge(String limit, long actual, long max) {
        return tooLarge(0, limit, actual, max);
    }

    /** The same on a line of the body, from 1; 0 when the body is one document. */
    static Problem tooLarge(long line, String limit, long actual, long max) {
        return of(
                        ProblemType.TOO_LARGE,
                        "%sthe limit %s is %d, and this is %d"
                                .formatted(atLine(line), limit, max, actual))
                .with(
                        json -> {
                            json.writeStringField("limit", limit);
                            json.writeNumberField("actual", actual);
                            json.writeNumberField("max", max);
                        });
    }

    private static String atLine(long line) {
        return line == 0 ? "" : "line %d: ".formatted(line);
    }

    Problem with(JsonWriter.Content more) {
        return new Problem(type, detail, headers, more);
    }

    /** A repeat may succeed after so many seconds. */
    Problem retryAfter(int seconds) {
        return header(HttpHeaders.RETRY_AFTER, Integer.toString(seconds));
    }

    Problem header(String name, String value) {
        Map<String, String> all = new HashMap<>(headers);
        all.put(name, value);
        return new Problem(type, detail, Map.copyOf(all), fields);
    }

    /** The exception that carries it to the mapper. */
    ProblemException asException() {
        return new ProblemException(this);
    }

    Response response() {
        Response.ResponseBuilder response =
                Response.status(type.status())
                        .header(HttpHeaders.CONTENT_TYPE, MEDIA_TYPE)
                        .header(HttpHeaders.CACHE_CONTROL, "no-store")
                        .entity(JsonWriter.write(this::writeTo));
        headers.forEach(response::header);
        return response.build();
    }

    /** Writes the document. */
    void writeTo(JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("type", type.uri());
        json.writeStringField("title", type.title());
        json.writeNumberField("status", type.status());
        json.writeStringField("detail", detail);
        fields.writeTo(json);
        json.writeEndObject();
    }

    private static void writeFlaws(JsonGenerator json, List<Flaw> flaws) throws IOException {
        json.writeArrayFieldStart("errors");
        for (Flaw flaw : flaws) {
            json.writeStartObject();
            if (flaw.line() > 0) {
                json.writeNumberField("line", flaw.line());
            }
            json.writeStringField("pointer", flaw.pointer());
            json.writeStringField("detail", flaw.detail());
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
