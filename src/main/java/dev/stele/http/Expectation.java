package dev.stele.http;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.stele.event.AppendCondition;
import dev.stele.event.StreamId;
import dev.stele.event.StreamVersion;
import java.io.IOException;

/** How a condition on a stream is said in problem documents. */
final class Expectation {

    private Expectation() {}

    static String inWords(AppendCondition condition) {
        return switch (condition) {
            case AppendCondition.Any() -> "anything";
            case AppendCondition.Exists() -> "it to exist";
            case AppendCondition.NoStream() -> "it not to exist";
            case AppendCondition.AtVersion(var version) -> "version " + version;
        };
    }

    /** The members {@code stream}, {@code expected} and {@code actual} of a failed check. */
    static void write(
            JsonGenerator out, StreamId stream, AppendCondition expected, StreamVersion actual)
            throws IOException {
        out.writeStringField("stream", stream.value());
        switch (expected) {
            case AppendCondition.Any() -> out.writeStringField("expected", "any");
            case AppendCondition.Exists() -> out.writeStringField("expected", "exists");
            case AppendCondition.NoStream() -> out.writeStringField("expected", "noStream");
            case AppendCondition.AtVersion(var version) ->
                    out.writeNumberField("expected", version.value());
        }
        out.writeNumberField("actual", actual.value());
    }
}
