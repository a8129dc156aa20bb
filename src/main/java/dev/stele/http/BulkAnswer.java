package dev.stele.http;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.stele.json.JsonWriter;
import dev.stele.log.AppendResult.Place;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.vertx.UniHelper;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a bulk load, line by line; each is on its way before the next chunk is read. A load
 * whose very first chunk is refused is answered as any other append that is.
 */
final class BulkAnswer {

    static final String MEDIA_TYPE = "application/x-ndjson";

    private static final int OK = 200;

    private final HttpServerResponse response;
    private boolean broken;

    BulkAnswer(HttpServerResponse response) {
        this.response = response;
    }

    /** Whether nobody can hear it any more. */
    boolean isBroken() {
        return broken || response.closed();
    }

    /** Says where a chunk is. */
    Uni<Void> appended(BulkChunk chunk, Place last, boolean duplicate) {
        byte[] line =
                line(
                        out -> {
                            writeLines(out, chunk);
                            out.writeNumberField("events", chunk.lines().size());
                            AppendAnswers.writePlaces(out, chunk.lines().size(), last);
                            if (duplicate) {
                                out.writeBooleanField("duplicate", true);
                            }
                        });
        return sent(head().write(Buffer.buffer(line)));
    }

    /** Says that all of the body was appended: without this line, the answer is not whole. */
    Uni<Void> end(long events, long chunks, Place last) {
        byte[] line =
                line(
                        out -> {
                            out.writeObjectFieldStart("end");
                            out.writeNumberField("events", events);
                            out.writeNumberField("chunks", chunks);
                            out.writeNumberField("version", last.version().value());
                            out.writeNumberField("position", last.position().value());
                            out.writeEndObject();
                        });
        return sent(head().end(Buffer.buffer(line)));
    }

    /**
     * Says why no more is appended.
     *
     * @param chunk the one that it is about; null when it is about none
     */
    Uni<Void> refuse(@Nullable BulkChunk chunk, Problem problem) {
        if (!response.headWritten()) {
            return sent(Admission.refuse(response, problem));
        }
        byte[] line =
                line(
                        out -> {
                            if (chunk != null) {
                                writeLines(out, chunk);
                            }
                            out.writeFieldName("problem");
                            problem.writeTo(out);
                        });
        return sent(response.end(Buffer.buffer(line)));
    }

    private HttpServerResponse head() {
        if (!response.headWritten()) {
            response.setStatusCode(OK)
                    .setChunked(true)
                    .putHeader(HttpHeaders.CONTENT_TYPE, MEDIA_TYPE)
                    .putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        }
        return response;
    }

    private Uni<Void> sent(Future<Void> writing) {
        return UniHelper.toUni(writing).onFailure().invoke(_ -> broken = true);
    }

    private static void writeLines(JsonGenerator out, BulkChunk chunk) throws IOException {
        out.writeNumberField("firstLine", chunk.firstLine());
        out.writeNumberField("line", chunk.lastLine());
    }

    private static byte[] line(JsonWriter.Content members) {
        return JsonWriter.write(
                out -> {
                    out.writeStartObject();
                    members.writeTo(out);
                    out.writeEndObject();
                    out.writeRaw('\n');
                });
    }
}
