package dev.stele.crash;

import dev.stele.testing.EventsTopic;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What a consumer of the topic has seen so far. It fails at a repeat. */
final class Published implements AutoCloseable {

    private final EventsTopic topic;
    private final List<SeenEvent> events = new ArrayList<>();
    private final BitSet positions = new BitSet();

    Published(String bootstrapServers) {
        this.topic = new EventsTopic(bootstrapServers);
    }

    /** Waits until every event up to a position has come. */
    void await(long position) {
        topic.readUntil(() -> positions.nextClearBit(1) > position, this::add);
    }

    /** All that is there, in the topic's order. */
    List<SeenEvent> events() {
        topic.readToEnd(this::add);
        return events;
    }

    private void add(ConsumerRecord<String, byte[]> published) {
        SeenEvent event = SeenEvent.of(published);
        events.add(event);
        positions.set((int) event.position());
    }

    @Override
    public void close() {
        topic.close();
    }
}
