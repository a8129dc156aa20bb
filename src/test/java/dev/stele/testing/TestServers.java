package dev.stele.testing;

import dev.stele.servers.PostgresServer;
import dev.stele.testing.SharedServers.Action;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Points an application under test at the PostgreSQL and the Kafka of this JVM, and lets tests
 * stop, crash and start them: {@code @QuarkusTestResource(TestServers.class)} on one test is enough
 * for all of them.
 */
public final class TestServers implements QuarkusTestResourceLifecycleManager {

    @Override
    public Map<String, String> start() {
        return configuration();
    }

    /** The next application uses the same servers; they end with the JVM. */
    @Override
    public void stop() {}

    /** By the names of Quarkus' properties; starts the servers when nothing has yet. */
    public static Map<String, String> configuration() {
        try {
            Map<String, String> copy = new HashMap<>();
            var original = (Map<?, ?>) shared().getMethod("configuration").invoke(null);
            original.forEach((name, value) -> copy.put((String) name, (String) value));
            return copy;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("The servers did not start", e);
        }
    }

    public static Postgres postgres() {
        return new Postgres(value("quarkus.datasource.reactive.url"));
    }

    public static Kafka kafka() {
        return new Kafka(value("kafka.bootstrap.servers"));
    }

    private static String value(String property) {
        return Objects.requireNonNull(configuration().get(property), property);
    }

    /** The database server. It keeps its port when it is started again. */
    public record Postgres(String reactiveUrl) {

        /** Where JDBC finds the service's database, as the superuser. */
        public String jdbcUrl() {
            return "jdbc:%s?user=%s".formatted(reactiveUrl, PostgresServer.USER);
        }

        /** Where JDBC finds another database of the server, as the superuser. */
        public String jdbcUrl(String database) {
            return new Postgres(reactiveUrl.replaceFirst("[^/]+$", database)).jdbcUrl();
        }

        public void stopFast() {
            perform(Action.STOP_POSTGRES_FAST);
        }

        /** As in a crash. */
        public void stopImmediate() {
            perform(Action.STOP_POSTGRES_IMMEDIATE);
        }

        public void startAgain() {
            perform(Action.START_POSTGRES);
        }
    }

    /** The broker. It keeps its port when it is started again. */
    public record Kafka(String bootstrapServers) {

        public void stop() {
            perform(Action.STOP_KAFKA);
        }

        /** As in a crash. */
        public void kill() {
            perform(Action.KILL_KAFKA);
        }

        public void startAgain() {
            perform(Action.START_KAFKA);
        }
    }

    private static void perform(Action action) {
        try {
            shared().getMethod("perform", String.class).invoke(null, action.name());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(action + " failed", e);
        }
    }

    /** The copy of {@link SharedServers} that all class loaders of this JVM share. */
    private static Class<?> shared() throws ClassNotFoundException {
        return Class.forName(
                SharedServers.class.getName(), true, ClassLoader.getSystemClassLoader());
    }
}
