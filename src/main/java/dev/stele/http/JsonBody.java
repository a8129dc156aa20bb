package dev.stele.http;

import jakarta.ws.rs.core.HttpHeaders;

/** A body that says what it is. */
final class JsonBody {

    private JsonBody() {}

    /**
     * Refuses a body without a type, which the framework lets pass. A browser sends one from any
     * page to any address, and asks before it sends JSON.
     */
    static void require(HttpHeaders headers) {
        String type = headers.getHeaderString(HttpHeaders.CONTENT_TYPE);
        if (type == null || type.isBlank() || type.contains("*")) {
            throw Problem.of(
                            ProblemType.UNSUPPORTED_MEDIA_TYPE,
                            "the header Content-Type must say application/json")
                    .asException();
        }
    }
}
