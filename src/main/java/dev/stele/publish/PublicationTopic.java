package dev.stele.publish;

import org.jspecify.annotations.Nullable;

/**
 * What consumers of a publication may know.
 *
 * @param topic its full name
 * @param made whether programs make the messages, so that all of them are JSON
 */
public record PublicationTopic(
        PublicationName name, String topic, @Nullable String description, boolean made) {}
