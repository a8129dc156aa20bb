package dev.stele.http;

import dev.stele.json.JsonWriter;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Answers to reads: validators, caching, and 304 when the reader has it already. */
final class Answer {

    private static final String REVALIDATE = "no-cache";
    private static final String FOR_EVER = "max-age=31536000, immutable";

    /** Of a digest, so that nobody finds two texts with the same. */
    private static final int DIGEST_BYTES = 16;

    private Answer() {}

    /** A representation that may change: kept, but asked for again each time. */
    static Response.ResponseBuilder current(HttpHeaders request, String etag, byte[] json) {
        return answer(request, etag, MediaType.APPLICATION_JSON, json, REVALIDATE);
    }

    /** The same, of another media type than JSON. */
    static Response.ResponseBuilder current(
            HttpHeaders request, String etag, String mediaType, byte[] body) {
        return answer(request, etag, mediaType, body, REVALIDATE);
    }

    /** How something is doing changes all the time: the validator is that of the very text. */
    static Response.ResponseBuilder ofTheMoment(HttpHeaders request, JsonWriter.Content content) {
        byte[] json = JsonWriter.write(content);
        return current(request, digest(json) + "-json", json);
    }

    /** A validator's part for a text that no other text has. */
    static String digest(byte[] text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text);
            return HexFormat.of().formatHex(digest, 0, DIGEST_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has it", e);
        }
    }

    /**
     * A representation that can never change.
     *
     * @param anybody whether it may be kept for others than who asked
     */
    static Response.ResponseBuilder immutable(
            HttpHeaders request, String etag, String mediaType, byte[] body, boolean anybody) {
        return answer(
                request, etag, mediaType, body, (anybody ? "public, " : "private, ") + FOR_EVER);
    }

    private static Response.ResponseBuilder answer(
            HttpHeaders request, String etag, String mediaType, byte[] body, String caching) {
        String quoted = "\"" + etag + "\"";
        Response.ResponseBuilder response =
                known(request, quoted) ? Response.notModified() : Response.ok(body, mediaType);
        return response.header(HttpHeaders.ETAG, quoted)
                .header(HttpHeaders.CACHE_CONTROL, caching)
                .header(HttpHeaders.VARY, "Accept, Accept-Encoding");
    }

    /** Whether {@code If-None-Match} names the representation (RFC 9110, section 13.1.2). */
    private static boolean known(HttpHeaders request, String quoted) {
        @Nullable List<String> values = request.getRequestHeader(HttpHeaders.IF_NONE_MATCH);
        if (values == null) {
            return false;
        }
        for (String value : values) {
            for (String tag : value.split(",", -1)) {
                String bare = tag.strip().startsWith("W/") ? tag.strip().substring(2) : tag.strip();
                if (bare.equals("*") || bare.equals(quoted)) {
                    return true;
                }
            }
        }
        return false;
    }
}
