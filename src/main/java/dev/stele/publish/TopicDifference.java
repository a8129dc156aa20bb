package dev.stele.publish;

import java.util.List;

/**
 * A topic that is not what the service would have made.
 *
 * @param found in words, one for each setting: what is there, and what the service makes
 */
public record TopicDifference(String topic, List<String> found) {}
