package dev.stele.json;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.stele.event.Payload;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** Writes JSON documents into memory, by hand and without reflection. */
public final class JsonWriter {

    private static final Payload EMPTY_OBJECT = Payload.of("{}");

    private JsonWriter() {}

    /** What writes the document. */
    @FunctionalInterface
    public interface Content {
        void writeTo(JsonGenerator json) throws IOException;
    }

    /** The bytes of a document. */
    public static byte[] write(Content content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        try (JsonGenerator json = Jackson.generator(bytes)) {
            content.writeTo(json);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return bytes.toByteArray();
    }

    /** Writes a value that is JSON already, byte by byte. */
    public static void writeRaw(JsonGenerator json, Payload value) throws IOException {
        json.writeRawValue(new RawJson(value));
    }

    /** As {@link #writeRaw}; an object that is absent is empty. */
    static void writeRawObject(JsonGenerator json, @Nullable Payload value) throws IOException {
        writeRaw(json, value == null ? EMPTY_OBJECT : value);
    }
}
