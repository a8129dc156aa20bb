package dev.stele.http;

/** The kinds of problem documents: stable names, each with its one status and title. */
enum ProblemType {
    INVALID_REQUEST("invalid-request", 400, "The request is not valid"),
    NOT_FOUND("not-found", 404, "There is nothing at this address"),
    STREAM_NOT_FOUND("stream-not-found", 404, "There is no such stream"),
    EVENT_NOT_FOUND("event-not-found", 404, "There is no such event"),
    VIEW_NOT_FOUND("view-not-found", 404, "There is no such view"),
    PUBLICATION_NOT_FOUND("publication-not-found", 404, "There is no such publication"),
    JOB_NOT_FOUND("job-not-found", 404, "There is no such job"),
    ENTRY_NOT_FOUND("entry-not-found", 404, "The view has no such entry"),
    KEY_NOT_PARKED("key-not-parked", 404, "The key is not parked"),
    METHOD_NOT_ALLOWED("method-not-allowed", 405, "The resource does not have this method"),
    NOT_ACCEPTABLE("not-acceptable", 406, "The resource has no representation that is accepted"),
    BODY_TOO_SLOW("body-too-slow", 408, "The body does not come at the pace that it must"),
    ID_REUSED("id-reused", 409, "Event ids were used before for something else"),
    BUILT_IN("built-in", 409, "What is built in cannot be changed"),
    OTHER_EVENT_PARKED("other-event-parked", 409, "Another event of the key is the parked one"),
    NOT_RESTORED("not-restored", 409, "The publication does not wait after a restore"),
    GENERATION_GONE("generation-gone", 410, "The log is in another generation"),
    STREAM_DELETED("stream-deleted", 410, "The stream is deleted"),
    APPEND_CONFLICT("append-conflict", 412, "A condition of the append failed"),
    TOO_LARGE("too-large", 413, "A limit is exceeded"),
    UNSUPPORTED_MEDIA_TYPE(
            "unsupported-media-type", 415, "The body has a type that is not read here"),
    INVALID_VIEW("invalid-view", 422, "A program of the view cannot be used"),
    INVALID_PUBLICATION("invalid-publication", 422, "A program of the publication cannot be used"),
    INTERNAL_ERROR("internal-error", 500, "Something went wrong in the service"),
    NOT_IMPLEMENTED("not-implemented", 501, "The request needs what there is not here"),
    OVERLOADED("overloaded", 503, "The request cannot be served at the moment"),
    OUTCOME_UNKNOWN("outcome-unknown", 503, "It is not known whether the append happened"),
    NOT_CAUGHT_UP("not-caught-up", 503, "The position asked for is not reached yet"),
    KEY_NOT_SETTLED("key-not-settled", 503, "The parked key is just being tried");

    private final String name;
    private final int status;
    private final String title;

    ProblemType(String name, int status, String title) {
        this.name = name;
        this.status = status;
        this.title = title;
    }

    /** The URI reference that identifies the kind. */
    String uri() {
        return "/problems/" + name;
    }

    int status() {
        return status;
    }

    String title() {
        return title;
    }
}
