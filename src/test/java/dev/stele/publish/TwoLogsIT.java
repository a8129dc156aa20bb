package dev.stele.publish;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stele.servers.PostgresServer;
import dev.stele.servers.Servers;
import dev.stele.testing.EventsTopic;
import dev.stele.testing.Service;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two logs, each with a database and a prefix of topics of its own, on one broker. */
class TwoLogsIT {

    private static final int EVENTS = 100;
    private static final Duration POLL = Duration.ofMillis(50);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    void neither_disturbs_the_other_also_when_one_dies_and_comes_back(@TempDir Path folder)
            throws SQLException {
        try (Servers servers = Servers.startOnFreePorts(folder)) {
            String first = servers.postgres().reactiveUrl();
            String second = first.replaceFirst("[^/]+$", "second");
            execute(first, "create database second");
            try (Service a = start(servers, first, "a.");
                    Service b = start(servers, second, "b.")) {
                append(a, b, 0);
                a.kill();
                a.startAgain();
                append(a, b, EVENTS);
            }
            for (String log : List.of("a", "b")) {
                assertEquals(
                        IntStream.range(0, 2 * EVENTS).mapToObj(i -> log + " " + i).toList(),
                        published(servers, log + ".events"));
            }
        }
    }

    private static Service start(Servers servers, String database, String prefix) {
        Map<String, String> settings =
                new HashMap<>(Service.settings(database, servers.kafka().bootstrapServers()));
        settings.put("STELE_TOPIC_PREFIX", prefix);
        settings.put("STELE_SUBSCRIPTION_LEASE_DURATION", "1s");
        settings.put("STELE_SUBSCRIPTION_LEASE_ROUND", "200ms");
        return Service.start(settings);
    }

    private static void append(Service a, Service b, int from) {
        for (int i = from; i < from + EVENTS; i++) {
            append(a, "a " + i);
            append(b, "b " + i);
        }
    }

    /** Again until it listens: what it does not hear has no effect. */
    private static void append(Service service, String data) {
        await().pollInterval(POLL)
                .atMost(PATIENCE)
                .until(
                        () ->
                                service.append(
                                                "one",
                                                "{\"type\":\"Counted\",\"data\":\"%s\"}"
                                                        .formatted(data))
                                        .startsWith("201"));
    }

    /** The data of all events of a topic, without the quotes. */
    private static List<String> published(Servers servers, String topic) {
        List<String> values = new ArrayList<>();
        try (EventsTopic read = new EventsTopic(servers.kafka().bootstrapServers(), topic)) {
            read.readUntil(() -> values.size() >= 2 * EVENTS, each -> values.add(text(each)));
            read.readToEnd(each -> values.add(text(each)));
        }
        return values;
    }

    private static String text(ConsumerRecord<?, byte[]> published) {
        return EventsTopic.text(published).replace("\"", "");
    }

    private static void execute(String database, String sql) throws SQLException {
        String address = "jdbc:%s?user=%s".formatted(database, PostgresServer.USER);
        try (Connection connection = DriverManager.getConnection(address);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
