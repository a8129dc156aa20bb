package dev.stele.log;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stele.event.Append;
import dev.stele.event.AppendCondition;
import dev.stele.event.ContentType;
import dev.stele.event.EventId;
import dev.stele.event.EventType;
import dev.stele.event.NewEvent;
import dev.stele.event.Payload;
import dev.stele.event.References;
import dev.stele.event.StreamId;
import dev.stele.testing.TestServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The view for people who write SQL. */
@QuarkusTest
@QuarkusTestResource(TestServers.class)
class EventsJsonTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Inject Pool pool;
    @Inject EventLog log;

    @Test
    void data_is_json_a_string_or_bytes() {
        StreamId stream = new StreamId("sql-" + UUID.randomUUID());
        List<NewEvent> events =
                List.of(
                        event("{\"a\":1}", null),
                        event("a\"b", new ContentType("text/plain", false)),
                        event("hi", new ContentType("image/png", true)),
                        event(null, null));
        log.append(Append.toStream(stream, AppendCondition.any(), events, false, null))
                .await()
                .atMost(PATIENCE);

        List<String> rows = new ArrayList<>();
        pool.preparedQuery(
                        """
                        select concat_ws(' ', data::text, content_type, encode(data_bytes, 'escape')) as row
                          from stele.events_json where stream = $1 order by version
                        """)
                .execute(Tuple.of(stream.value()))
                .await()
                .atMost(PATIENCE)
                .forEach(row -> rows.add(row.getString("row")));

        assertEquals(
                List.of("{\"a\": 1}", "\"a\\\"b\" text/plain", "image/png;base64 hi", ""), rows);
    }

    private static NewEvent event(@Nullable String data, @Nullable ContentType type) {
        return new NewEvent(
                new EventId(UUID.randomUUID()),
                new EventType("Happened"),
                null,
                null,
                data == null ? null : Payload.of(data),
                type,
                null,
                References.NONE,
                List.of());
    }
}
