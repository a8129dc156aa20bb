package dev.stele.http;

import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;

/** What a page of events can be given as. */
enum Representation {
    JSON,
    CLOUD_EVENTS;

    /** The media type of a batch of CloudEvents in the JSON format. */
    static final String BATCH = "application/cloudevents-batch+json";

    private static final MediaType BATCH_TYPE = MediaType.valueOf(BATCH);

    /** The one that the reader likes best. Who accepts none of them has been refused before. */
    static Representation of(HttpHeaders headers) {
        for (MediaType accepted : headers.getAcceptableMediaTypes()) {
            if (accepted.isCompatible(MediaType.APPLICATION_JSON_TYPE)) {
                return JSON;
            }
            if (accepted.isCompatible(BATCH_TYPE)) {
                return CLOUD_EVENTS;
            }
        }
        return JSON;
    }
}
